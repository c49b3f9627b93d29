// Package sns hands text messages over to Amazon SNS.
//
// They go as Transactional, which SNS routes for speed and not for price, under
// the tenant's sender name where the country of the number lets a sender have
// one, and never for more than a price that the installation sets: a number
// that costs more is somebody's premium line. Our id travels as the attribute
// tilgang.id. Who may use it: whoever may use the package sms, whose rules it
// keeps.
package sns
