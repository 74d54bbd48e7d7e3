package nb

// The connection to the GoNB kernel: two named pipes that carry gob. Package gonbui of GoNB speaks the same protocol, but
// linking it (with its logger) costs every cell a tenth of a second, as much as two thirds of a small cell in all.
//
// The kernel forgets what still lies in the pipe when a cell's program ends: about one display in forty was lost so. It
// handles messages one after the other, and answers a sync message only when all before it are on their way to the
// reader; so nothing is lost that was followed by sync.

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

const (
	pipeOut  = protocol.GONB_PIPE_ENV
	pipeBack = protocol.GONB_PIPE_BACK_ENV

	mimeText     = string(protocol.MIMETextPlain)
	mimeHTML     = string(protocol.MIMETextHTML)
	mimeMarkdown = string(protocol.MIMETextMarkdown)
)

// patience is how long a kernel may take to open a pipe or to confirm. It answers within a millisecond; a browser that
// is slow to draw does not count, since the kernel does not wait for it.
const patience = 20 * time.Second

// errKernel: the program was started by a kernel, but cannot reach it.
var errKernel = errors.New("the notebook's kernel does not answer: restart the kernel and run the cell again")

// kernel is our own client. Its methods may be called from any goroutine.
type kernel struct {
	patience time.Duration
	acks     chan int // confirmed syncs; closed when the kernel hangs up

	mu    sync.Mutex
	out   *gob.Encoder
	syncs int
}

// client is what Show and the progress bar send through.
type client interface {
	send(content map[string]string, id string) error
	sync() error
}

// via is the client that the notebook gave with Via.
var via client

// connect opens the pipes on first use.
var connect = sync.OnceValues(func() (client, error) {
	if via != nil {
		return via, nil
	}
	if usesGonbui() {
		return nil, errors.New("segkit: this notebook also uses package gonbui, and the kernel takes one client per cell: " +
			"add the declaration  var _ = nb.Via(gonbui.SendData, gonbui.Sync)")
	}
	return dial(os.Getenv(pipeOut), os.Getenv(pipeBack), patience)
})

// Via makes Show send through GoNB's own client, for notebooks that also use package gonbui, its widgets or its plots:
//
//	var _ = nb.Via(gonbui.SendData, gonbui.Sync)
func Via(send func(*protocol.DisplayData), sync func()) bool {
	via = other{send, sync}
	return true
}

type other struct {
	sendData func(*protocol.DisplayData)
	syncAll  func()
}

func (o other) send(content map[string]string, id string) error {
	o.sendData(display(content, id))
	return nil
}

func (o other) sync() error {
	o.syncAll()
	return nil
}

// usesGonbui reports whether GoNB's own client is part of this program, by its logger. Two clients in one program would
// confuse the kernel, which expects one gob stream in each pipe.
func usesGonbui() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, m := range info.Deps {
		if m.Path == "k8s.io/klog/v2" {
			return true
		}
	}
	return false
}

// dial opens the pipes in the order in which the kernel opens them. Opening a pipe waits for the other side.
func dial(out, back string, patience time.Duration) (*kernel, error) {
	k := &kernel{patience: patience, acks: make(chan int, 1)}
	opened := make(chan error, 1)
	var w, r *os.File
	go func() {
		var err error
		if w, err = os.OpenFile(out, os.O_WRONLY, 0); err == nil {
			r, err = os.Open(back)
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		if err != nil {
			return nil, fmt.Errorf("segkit: %w (%v)", errKernel, err)
		}
	case <-time.After(patience):
		return nil, fmt.Errorf("segkit: %w (pipe not opened within %v)", errKernel, patience)
	}
	k.out = gob.NewEncoder(w)
	go k.listen(gob.NewDecoder(r))
	return k, nil
}

// listen passes on confirmations until the kernel hangs up.
func (k *kernel) listen(in *gob.Decoder) {
	defer close(k.acks)
	for {
		var m protocol.CommValue
		if in.Decode(&m) != nil {
			return
		}
		if id, ok := m.Value.(int); ok && m.Address == protocol.GonbuiSyncAckAddress {
			k.acks <- id
		}
	}
}

// send shows content, given by its types. A display with an id replaces the one shown before under the same id.
func (k *kernel) send(content map[string]string, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.encode(display(content, id))
}

func display(content map[string]string, id string) *protocol.DisplayData {
	m := &protocol.DisplayData{Data: map[protocol.MIMEType]any{}, DisplayID: id}
	for kind, text := range content {
		m.Data[protocol.MIMEType(kind)] = text
	}
	return m
}

// sync returns when everything sent so far is on its way to the reader.
func (k *kernel) sync() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.syncs++
	id := k.syncs
	err := k.encode(&protocol.DisplayData{Data: map[protocol.MIMEType]any{
		protocol.MIMECommValue: &protocol.CommValue{Address: protocol.GonbuiSyncAddress, Value: id},
	}})
	if err != nil {
		return err
	}
	for {
		select {
		case ack, ok := <-k.acks:
			if !ok {
				return fmt.Errorf("segkit: %w (it closed the connection)", errKernel)
			}
			if ack == id {
				return nil
			}
		case <-time.After(k.patience):
			return fmt.Errorf("segkit: %w (no confirmation within %v)", errKernel, k.patience)
		}
	}
}

func (k *kernel) encode(m *protocol.DisplayData) error {
	if err := k.out.Encode(m); err != nil {
		return fmt.Errorf("segkit: %w (%v)", errKernel, err)
	}
	return nil
}
