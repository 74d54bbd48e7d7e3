package features

// The border to gota: order lines from a frame, and back.

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// OrdersFromFrame takes order lines from a gota frame as strictly as ReadOrders takes them from a file: the rows go
// through the same checks, and errors name the row (as a line, the first row being 1). Ids and dates must be text columns,
// because a number has lost its leading zeros: read the file with ReadOrders, or give gota the column types.
func OrdersFromFrame(df table.Frame, o OrdersOptions) (*Orders, error) {
	if df.Err != nil {
		return nil, fmt.Errorf("segkit: features.OrdersFromFrame: the frame holds an error: %w", df.Err)
	}
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	p, err := newPlan("features.OrdersFromFrame", "", df.Names(), o)
	if err != nil {
		return nil, err
	}
	columns := make([]series.Series, p.width)
	for j, name := range p.header[:p.width] {
		columns[j] = df.Col(name)
	}
	for _, m := range []meaning{customerColumn, dateColumn} {
		of := p.partsOf(p.at[m])
		if len(of) > 1 {
			continue
		}
		if s := columns[of[0]]; s.Type() != series.String {
			return nil, &fault.CellError{Op: "features.OrdersFromFrame", Column: p.header[of[0]], Err: fault.ErrSchema,
				Why: fmt.Sprintf("is a column of numbers (%s), which may have lost zeros", s.Type()), Remedy: "read the file with features.ReadOrders, or tell gota the column is text (dataframe.WithTypes)"}
		}
	}
	n := df.Nrow()
	if n == 0 {
		return nil, &fault.CellError{Op: "OrdersFromFrame", Why: "the frame has no rows", Err: fault.ErrEmpty}
	}
	kinds := p.free()
	for i := range min(n, sampled) {
		shown := func(column int, add func(cell string)) {
			if column < 0 || column >= len(columns) {
				return
			}
			if text := trim(cellText(nil, columns[column].Elem(i))); len(text) > 0 && p.missing.Find(text) < 0 {
				add(string(text))
			}
		}
		var owners [2]string
		shown(p.at[customerColumn], func(c string) { owners[0] = c })
		shown(p.ofProducts(), func(c string) { owners[1] = c })
		for k := range kinds {
			shown(kinds[k].column, func(c string) {
				kinds[k].see(c, i+1)
				kinds[k].pieces.Of(c, owners)
			})
		}
	}
	p.told(kinds)
	p.seekQuantity(kinds)
	p.seekDelivery(kinds)
	p.hashed = true
	var b piece
	j, s, v := newJoiner(p), records.NewScanner(0, len(columns)), newVocabulary(p)
	for from := 0; from < n; from += frameRows { // dates wait for all rows: nothing is known of them so far
		s.Columns = s.Columns[:p.width]
		s.Reset(s.Data[:0])
		for i := range min(frameRows, n-from) {
			s.Fields = s.Fields[:0]
			for _, c := range columns {
				at := uint32(len(s.Data))
				s.Data = cellText(s.Data, c.Elem(from+i))
				s.Fields = append(s.Fields, records.Span{From: at, To: uint32(len(s.Data))})
			}
			s.Add(i + 1)
		}
		b.reset(p, v)
		p.join(s)
		b.cells(s)
		if err := j.add(&b, from); err != nil {
			err.Op, err.Row, err.Line = "OrdersFromFrame", err.Line, 0
			return nil, err
		}
	}
	l, err := j.lines()
	if err != nil {
		if bad := (*fault.CellError)(nil); errors.As(err, &bad) {
			bad.Row, bad.Line = bad.Line, 0
		}
		return nil, err
	}
	return newOrders(job.DefaultContext, "frame", "", nil, func() (*view, error) { return l.all(), nil }), nil
}

// frameRows is how many rows are taken over at a time.
const frameRows = 1 << 12

// cellText appends a cell as a file would hold it: numbers with the fewest digits that mean them, missing as nothing.
func cellText(b []byte, e series.Element) []byte {
	switch {
	case e.IsNA():
		return b
	case e.Type() == series.Float:
		if v := e.Float(); !math.IsNaN(v) {
			return strconv.AppendFloat(b, v, 'f', -1, 64)
		}
		return b
	}
	return append(b, e.String()...)
}

// Frame returns the lines as a gota frame, with the columns that the file has, named by their meanings.
func (o *Orders) Frame() (table.Frame, error) {
	if o == nil {
		return table.Frame{}, fault.Nil("features.Orders.Frame", "orders")
	}
	v, err := o.whole()
	if err != nil {
		return table.Frame{}, err
	}
	var columns []frame.Columns
	text := func(name string, t *texts) {
		if t.present() {
			columns = append(columns, frame.Each(name, v.rows, t.at))
		}
	}
	text("order", &v.order)
	columns = append(columns, frame.Each("date", v.rows, func(i int32) string { return v.show(i).Time.Format("2006-01-02 15:04:05") }))
	text("customer", &v.customer)
	text("product", &v.product)
	text("name", &v.name)
	text("category", &v.category)
	text("status", &v.status)
	text("currency", &v.currencies)
	columns = append(columns,
		frame.Each("quantity", v.rows, func(i int32) float64 { return float64(v.quantity.at(i)) / math.Pow10(v.quantityDecimals) }),
		frame.Each("amount", v.rows, func(i int32) float64 { return v.money(v.amount.at(i)).Float() }))
	for j, name := range v.moreNames {
		text(name, &v.more[j])
	}
	return frame.New(columns...), nil
}
