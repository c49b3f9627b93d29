package workbook

import (
	"fmt"
	"path"
	"strings"
)

// relation is a link from one part of the archive to another.
type relation struct{ id, kind, part string }

type relations []relation

// relations reads the links of a part; of the archive itself for "". Links that
// lead out of the archive are passed over, and so never followed.
func (a *archive) relations(part string) (relations, error) {
	name := path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	if part == "" {
		name = "_rels/.rels"
	}
	if !a.has(name) {
		return nil, ErrOther
	}
	t, err := a.tokens(name, indexBytes)
	if err != nil {
		return nil, err
	}
	var list relations
	err = t.elements(func(e element) error {
		if e.name != "Relationship" || strings.EqualFold(e.attr("TargetMode"), "External") {
			return nil
		}
		if len(list) == maxParts {
			return ErrTooLarge
		}
		kind := e.attr("Type")
		list = append(list, relation{id: e.attr("Id"), kind: kind[strings.LastIndexByte(kind, '/')+1:], part: beside(part, e.attr("Target"))})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read relations: %w", err)
	}
	return list, nil
}

// first gives the part of a kind, "" without one.
func (l relations) first(kind string) string {
	for _, r := range l {
		if r.kind == kind {
			return r.part
		}
	}
	return ""
}

// sheet gives the worksheet of an id; charts and dialogues are none.
func (l relations) sheet(id string) string {
	for _, r := range l {
		if r.id == id && r.kind == "worksheet" {
			return r.part
		}
	}
	return ""
}
