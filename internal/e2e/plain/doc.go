// Package plain is a browser that draws nothing and runs no script: it fills in
// the forms of pages, follows links and keeps cookies, in the words of package
// browser, at a fiftieth of the time. What it meets is what the server says; how
// that looks is for package browser to judge, whose Frame lays its pages out.
package plain
