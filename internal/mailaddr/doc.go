// Package mailaddr says when two typed e-mail addresses are the same. An
// Address has a Display form, which is what we write to and show, and a Key,
// which is what we store an index on and compare byte by byte. Nobody compares
// addresses in any other way: no lower(), no collation, no citext.
//
// What holds for every Address that Parse gives back:
//
//   - Parse(a.Key) and Parse(a.Display) both give a.Key again;
//   - the Key is unchanged by NFKC, and its domain is ASCII in lower case;
//   - it is one plain dot-atom address of at most 254 bytes: no quotes,
//     comments, angle brackets, white space or line breaks;
//   - no label mixes scripts, so a Cyrillic letter cannot pose as a Latin one.
//
// Refusing is deliberate where RFC 5321 allows more: such addresses exist in
// attacks, not in staff lists. The package knows no storage and no HTTP.
package mailaddr
