// Package phone reads the telephone numbers that codes are sent to.
//
// A number gets through when it is a mobile number that its country has given
// out, of a country that the employer allows. Premium, shared-cost and other
// numbers that cost the caller or pay the called are refused, and so are those
// that take no text messages: people who pump traffic to such numbers are paid
// for it (toll fraud). It sends nothing and keeps nothing.
package phone
