package table

import (
	"encoding/binary"
	"errors"
	"reflect"
	"runtime"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// vector is a column of a chunk of DuckDB's, written where it lies: the driver's
// own way takes a call into C for each text and each null.
type vector struct {
	raw   mapping.Vector
	cells unsafe.Pointer // 16, 8, 4 bytes or 1 a row
	valid unsafe.Pointer // a bit a row, in words of 64
}

// errDriver says that the driver is not the one vectorsOf was written for.
var errDriver = errors.New("the driver's data chunk has changed")

// checkDriver tells whether the driver's chunk begins with DuckDB's.
func checkDriver() error {
	f, ok := reflect.TypeFor[duckdb.DataChunk]().FieldByName("chunk")
	if !ok || f.Offset != 0 || f.Type != reflect.TypeFor[mapping.DataChunk]() {
		return errDriver
	}
	return nil
}

// vectorsOf lists the vectors of a chunk of n columns that is to be written.
func vectorsOf(chunk *duckdb.DataChunk, n int, into []vector) []vector {
	raw := *(*mapping.DataChunk)(unsafe.Pointer(chunk)) // see checkDriver
	into = into[:0]
	for i := range n {
		v := mapping.DataChunkGetVector(raw, mapping.IdxT(i))
		into = append(into, vector{v, mapping.VectorGetData(v), mapping.VectorGetValidity(v)})
	}
	return into
}

// value is a cell as DuckDB holds it.
type value struct {
	bits [2]uint64
	null bool
}

func (v *vector) setNull(row int) {
	*(*uint64)(unsafe.Add(v.valid, row/64*8)) &^= 1 << (row % 64)
}

// set writes a value of so many bytes.
func (v *vector) set(row, width int, x *value) {
	if x.null {
		v.setNull(row)
		return
	}
	at := unsafe.Add(v.cells, row*width)
	switch width {
	case 16:
		*(*[2]uint64)(at) = x.bits
	case 8:
		*(*uint64)(at) = x.bits[0]
	case 4:
		*(*uint32)(at) = uint32(x.bits[0])
	default:
		*(*uint8)(at) = uint8(x.bits[0])
	}
}

// setText writes a text, which DuckDB copies where it is long.
func (v *vector) setText(row int, s string) {
	if len(s) <= inlined {
		x := value{bits: textBits(s, nil)}
		v.set(row, 16, &x)
		return
	}
	mapping.VectorAssignStringElementLen(v.raw, mapping.IdxT(row), unsafe.Slice(unsafe.StringData(s), len(s)))
}

// inlined is how many bytes of a text DuckDB holds in the vector itself.
const inlined = 12

// textBits is a text as a vector holds it (duckdb_string_t): its length, then its
// bytes or the first four of them and where they all are.
func textBits(s string, at *byte) (bits [2]uint64) {
	var b [16]byte
	binary.NativeEndian.PutUint32(b[:], uint32(len(s)))
	if len(s) <= inlined {
		copy(b[4:], s)
	} else {
		copy(b[4:8], s)
	}
	bits = [2]uint64{binary.NativeEndian.Uint64(b[:8]), binary.NativeEndian.Uint64(b[8:])}
	if len(s) > inlined {
		bits[1] = uint64(uintptr(unsafe.Pointer(at)))
	}
	return bits
}

// pinned are long texts that vectors point to for as long as it is not released.
type pinned struct {
	block  []byte // what is not used yet
	pinner runtime.Pinner
}

const pinnedBlock = 64 << 10

// text is a text as a vector holds it.
func (p *pinned) text(s string) value {
	if len(s) <= inlined {
		return value{bits: textBits(s, nil)}
	}
	if len(s) > len(p.block) {
		p.block = make([]byte, max(pinnedBlock, len(s)))
		p.pinner.Pin(&p.block[0])
	}
	at := &p.block[0]
	p.block = p.block[copy(p.block, s):]
	return value{bits: textBits(s, at)}
}

func (p *pinned) release() { p.pinner.Unpin() }
