// Package pagetest checks pages against their templates, for tests: every
// field that a template names must exist, and every branch must render.
package pagetest

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"reflect"

	"github.com/jba/templatecheck"

	"tilgang/internal/httpkit"
)

// Check type-checks each page against its template in files, then renders it
// empty and with every field filled, in every layout. words nil shows bare
// keys. A template that belongs to none of the views is not looked at.
func Check(files fs.FS, words httpkit.Localizer, views ...httpkit.View) error {
	pages, err := httpkit.Parse(files)
	if err != nil {
		return err
	}
	engine, err := httpkit.NewEngine(files, nil)
	if err != nil {
		return err
	}
	var errs []error
	for _, v := range views {
		if err := check(pages[v.Template()], engine, words, v); err != nil {
			errs = append(errs, fmt.Errorf("%T %s: %w", v, v.Template(), err))
		}
	}
	return errors.Join(errs...)
}

func check(t *template.Template, e *httpkit.Engine, words httpkit.Localizer, v httpkit.View) error {
	if t == nil {
		return errors.New("no such template")
	}
	if err := templatecheck.CheckHTML(t, v); err != nil {
		return err
	}
	for _, layout := range []string{httpkit.LayoutCard, httpkit.LayoutPage, httpkit.LayoutConsole} {
		for _, full := range []bool{false, true} {
			if err := render(e, words, v, layout, full); err != nil {
				return fmt.Errorf("%s, filled %v: %w", layout, full, err)
			}
		}
	}
	return nil
}

func render(e *httpkit.Engine, words httpkit.Localizer, v httpkit.View, layout string, full bool) error {
	fresh := reflect.New(reflect.TypeOf(v).Elem())
	if full {
		fill(fresh.Elem(), 0)
	}
	page, ok := fresh.Interface().(httpkit.View)
	if !ok {
		return errors.New("not a page")
	}
	page.Shell().Layout = layout
	page.Shell().Words = words
	return e.Render(io.Discard, page)
}

// fill puts something into every exported field, three in each list.
func fill(v reflect.Value, depth int) {
	if !v.CanSet() || depth > 8 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(3)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(3)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			fill(v.Index(i), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	default:
	}
}
