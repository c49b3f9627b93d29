// Package place tells which country a network lies in, from a database that the
// operator brings (TILGANG_GEOIP, a MaxMind DB file with countries, such as
// GeoLite2-Country or DB-IP Country Lite). Without one nothing is known, and
// nothing is asked of anybody else.
//
// What it says is a hint for a reader who knows where they were, never a ground
// to let somebody in or keep somebody out.
package place
