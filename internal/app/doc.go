// Package app puts the product together: it is the only package that knows all
// the others. Build makes every part from the settings; Serve and Work run them.
package app
