// Package pinpoint makes calls by AWS End User Messaging (the API
// pinpointsmsvoicev2).
//
// One call of the API is one call to a phone: the SDK does not retry. The call
// carries our id in its context, lives as long as its code may wait, and costs
// at most a price a minute.
package pinpoint
