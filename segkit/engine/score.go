package engine

// Segments become a table of the database: made beside, and then renamed, so that readers see the old one or the new one and nothing between.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// Score writes the table into: a row for each customer with the id, segment, distance and margin of Model.SQL. NULL is a customer in no segment. The
// table is written under another name and renamed; an existing table of that name is replaced if it holds segments, and otherwise refused. It costs
// one scan.
func (c *Customers) Score(m *segkit.Model, into string) error {
	return c.ScoreContext(job.DefaultContext, m, into)
}

// ScoreContext is Score under ctx.
func (c *Customers) ScoreContext(ctx context.Context, m *segkit.Model, into string) error {
	const op = "engine.Customers.Score"
	switch {
	case c == nil:
		return fault.Nil(op, "customers")
	case m == nil:
		return fault.Nil(op, "model")
	}
	for _, column := range m.Columns {
		at := slices.Index(c.Names(), column.Name)
		if at < 0 {
			return c.unknown(op, column.Name)
		}
		if err := suggest.OtherUnit(op, column.Name, c.columns[at].Unit, column.Unit); err != nil {
			return err
		}
	}
	own := *m
	own.ID = c.id // whatever it was called where the model was fitted
	statement, err := own.SQL(c.engine.speaks.SQL(), source)
	if err != nil {
		return err
	}
	return c.write(ctx, op, "score every customer", into, c.over(statement))
}

// Assign writes the table into: a row for each customer with the id and the segment of the first rule that holds, by Book.SQL. It costs one scan, and one for
// each text column, to list its values.
func (c *Customers) Assign(b *rulebook.Book, into string) error {
	return c.AssignContext(job.DefaultContext, b, into)
}

// AssignContext is Assign under ctx.
func (c *Customers) AssignContext(ctx context.Context, b *rulebook.Book, into string) error {
	const op = "engine.Customers.Assign"
	switch {
	case c == nil:
		return fault.Nil(op, "customers")
	case b == nil:
		return fault.Nil(op, "rule book")
	}
	rules, err := c.rules(ctx, b)
	if err != nil {
		return err
	}
	return c.write(ctx, op, "find the segment of every customer by the rules", into, c.over("SELECT "+c.quote(c.id)+",\n  "+rules+" AS segment\nFROM "+source))
}

// rules writes a rule book over the customers' columns.
func (c *Customers) rules(ctx context.Context, b *rulebook.Book) (string, error) {
	r := c.engine.run(ctx, 1)
	defer r.end()
	var plain []table.Column
	for _, column := range c.columns {
		plain = append(plain, column.Column)
	}
	if _, err := b.SQL(r.speaks.SQL(), c.headed(plain)); errors.Is(err, fault.ErrMissingColumn) { // before levels are listed
		return "", err
	}
	header, err := c.header(r, c.Names())
	if err != nil {
		return "", err
	}
	text, err := b.SQL(r.speaks.SQL(), header)
	if err != nil && r.options.DryRun { // rules are held against the values of texts, which a dry run does not know
		return "CAST(NULL AS VARCHAR)", nil
	}
	return text, err
}

// RFM scores every customer by recency, frequency and monetary value, and writes the table into: id, r, f, m and, with a book over these three such as
// rfm.TenSegments(), segment. The cuts are exact quantiles, the same as those of rfm.Score on all customers in memory. It costs three scans to find them, or none
// if Options.Cuts gives them, and one to write. It returns the cuts, for next month.
func (c *Customers) RFM(o rfm.Options, b *rulebook.Book, into string) (*rfm.Cuts, error) {
	return c.RFMContext(job.DefaultContext, o, b, into)
}

// RFMContext is RFM under ctx.
func (c *Customers) RFMContext(ctx context.Context, o rfm.Options, b *rulebook.Book, into string) (*rfm.Cuts, error) {
	const op = "engine.Customers.RFM"
	if c == nil {
		return nil, fault.Nil(op, "customers")
	}
	if o.By == rfm.Jenks {
		return nil, fault.Option("rfm.Options", "By", "Jenks", "rfm.Quantiles: natural breaks need every value in memory")
	}
	scores, err := c.cuts(ctx, o)
	if err != nil {
		return nil, err
	}
	d := c.engine.speaks.SQL()
	names := [3]string{"r", "f", "m"}
	inner := []string{c.quote(c.id)}
	for p, cuts := range [3][]float64{scores.Cuts.Recency, scores.Cuts.Frequency, scores.Cuts.Monetary} {
		inner = append(inner, score(d, c.quote(scores.Columns[p].Name), cuts, p == 0)+" AS "+names[p])
	}
	statement := "SELECT " + strings.Join(inner, ",\n  ") + "\nFROM " + source
	if b != nil {
		scored, err := scores.Table()
		if err != nil {
			return nil, err
		}
		rules, err := b.SQL(d, scored)
		if err != nil {
			return nil, err
		}
		statement = "SELECT " + c.quote(c.id) + ", r, f, m,\n  " + rules + " AS segment\nFROM (" + statement + ") AS scored"
	}
	return &scores.Cuts, c.write(ctx, op, "score every customer by recency, frequency and monetary value", into, c.over(statement))
}

// score writes a score: one more than the cuts below the value, counted from the other end where low values are good.
func score(d dialect.SQL, x string, cuts []float64, reversed bool) string {
	bins := len(cuts) + 1
	text := "CASE WHEN " + x + " IS NULL THEN NULL"
	for i, cut := range slices.Backward(cuts) {
		at := i + 2
		if reversed {
			at = bins + 1 - at
		}
		text += fmt.Sprintf(" WHEN %s > %s THEN %d", x, d.Double(cut), at)
	}
	lowest := 1
	if reversed {
		lowest = bins
	}
	return text + fmt.Sprintf(" ELSE %d END", lowest)
}

// cuts finds the cuts of the scores. The scores are those of customers who stand for all: what they share is every quantile.
func (c *Customers) cuts(ctx context.Context, o rfm.Options) (*rfm.Scores, error) {
	r := c.engine.run(ctx, 4)
	defer r.end()
	names := []string{cmp.Or(o.Recency, "recency"), cmp.Or(o.Frequency, "orders"), cmp.Or(o.Monetary, "spend")}
	header, err := c.header(r, names)
	if err != nil {
		return nil, err
	}
	l, err := c.survey(r, header)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if r.options.DryRun {
			break
		}
		if missing := l.span[name].missing; missing > 0 {
			return nil, &fault.CellError{Op: "engine.Customers.RFM", File: c.name, Column: name, Count: int(missing), Err: fault.ErrNotFinite,
				Why: "has no value for some customers", Remedy: "leave these customers out with Source.Query"}
		}
	}
	var shares []float64
	if bins := max(o.Bins, 5*min(1, max(0, 1-o.Bins))); o.Cuts == nil {
		for b := 1; b < bins; b++ {
			shares = append(shares, float64(b)/float64(bins))
		}
	}
	few, err := l.marginalsAt(shares...)
	if err != nil {
		return nil, err
	}
	return rfm.Score(few, o)
}

// CanWrite checks whether Score, Assign or RFM can write the table into, before the work that leads there: it refuses an existing table that holds
// anything but segments, and creates and drops an empty table next to it.
func (e *Engine) CanWrite(into string) error { return e.CanWriteContext(job.DefaultContext, into) }

// CanWriteContext is CanWrite under ctx.
func (e *Engine) CanWriteContext(ctx context.Context, into string) error {
	const op = "engine.CanWrite"
	if e == nil {
		return fault.Nil(op, "engine")
	}
	r := e.run(ctx, 3)
	defer r.end()
	at, err := r.place(op, into)
	if err != nil {
		return err
	}
	if _, err := r.holdsSegments(op, into); err != nil {
		return err
	}
	return r.exec("make a table such as "+into, "CREATE TABLE "+r.beside(at)+" AS\nSELECT 1 AS id")
}

// place is where a table lies: its whole name, the schema in front, and the name alone.
type place struct{ target, schema, last string }

func (r *run) place(op, into string) (place, error) {
	d := r.speaks.SQL()
	target, err := d.Table(into)
	if err != nil {
		return place{}, fault.Option(op, "into", into, err.Error())
	}
	at := place{target, "", target}
	if quoted, err := d.Name("x"); err == nil {
		inside := false
		for i := range len(target) {
			switch {
			case target[i] == quoted[0]:
				inside = !inside
			case target[i] == '.' && !inside:
				at.schema, at.last = target[:i+1], target[i+1:]
			}
		}
	}
	return at, nil
}

// beside names a table in the same schema, which is dropped at the end unless it has been renamed.
func (r *run) beside(at place) string {
	r.Engine.made++
	name := fmt.Sprintf("%s%s%d", at.schema, r.prefix[strings.LastIndex(r.prefix, ".")+1:], r.Engine.made)
	r.made = append(r.made, name)
	return name
}

// write makes a table of what a SELECT gives and puts it in the place of into.
func (c *Customers) write(ctx context.Context, op, purpose, into, statement string) error {
	r := c.engine.run(ctx, 4)
	defer r.end()
	at, err := r.place(op, into)
	if err != nil {
		return err
	}
	if at.target == c.from {
		return fault.Option(op, "into", into, "another table than that of the customers, which it would replace")
	}
	exists, err := r.holdsSegments(op, into)
	if err != nil {
		return err
	}
	beside := r.beside(at)
	if err := r.exec(purpose, "CREATE TABLE "+beside+" AS\n"+statement); err != nil {
		return err
	}
	return r.replace(at, beside, exists)
}

// holdsSegments reports whether there is a table of the name, and refuses one that holds something else, or of which nobody can tell.
func (r *run) holdsSegments(op, into string) (bool, error) {
	rel, err := r.look(op, Source{Table: into})
	if err != nil && missing(err) && r.ctx.Err() == nil {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	holds := func(name string) bool {
		return slices.ContainsFunc(rel.columns, func(c column) bool { return strings.EqualFold(c.name, name) })
	}
	if len(rel.columns) <= 5 && (holds("segment") || holds("r") && holds("f") && holds("m")) {
		return true, nil
	}
	return false, fault.Errorf(fault.ErrSchema, "segkit: %s: the table %s is there already and holds no segments: choose another name, or drop it", op, into)
}

// replace renames the new table to the old one's name: in one transaction, or, in Trino, with the old one put aside first and dropped last.
func (r *run) replace(at place, beside string, exists bool) error {
	forget := func() { r.made = slices.DeleteFunc(r.made, func(name string) bool { return name == beside }) }
	if r.speaks == Trino {
		aside := beside + "_old"
		if exists {
			if err := r.exec("put the old segments aside", "ALTER TABLE "+at.target+" RENAME TO "+aside); err != nil {
				return err
			}
		}
		if err := r.exec("give the new segments their name", "ALTER TABLE "+beside+" RENAME TO "+at.target); err != nil {
			if exists {
				if back := r.anyway("put the old segments back", "ALTER TABLE "+aside+" RENAME TO "+at.target); back != nil {
					return &sentence{fmt.Sprintf("%s; the old segments could not be put back either, and are in the table %s: rename it", err, aside), errors.Join(err, back)}
				}
			}
			return err
		}
		forget()
		if exists {
			r.made = append(r.made, aside)
		}
		return nil
	}
	steps := [][2]string{{"begin to replace the segments", "BEGIN"}}
	if exists {
		steps = append(steps, [2]string{"drop the old segments", "DROP TABLE " + at.target})
	}
	steps = append(steps, [2]string{"give the new segments their name", "ALTER TABLE " + beside + " RENAME TO " + at.last}, [2]string{"show the new segments", "COMMIT"})
	for i, step := range steps {
		if err := r.exec(step[0], step[1]); err != nil {
			if i > 0 { // a connection that is lost takes the transaction with it
				if back := r.anyway("leave the old segments as they are", "ROLLBACK"); back != nil {
					r.abandon()
					return errors.Join(err, back)
				}
			}
			return err
		}
	}
	forget()
	return nil
}
