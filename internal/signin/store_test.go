package signin_test

import "tilgang/internal/attempt"

func attemptOf(address string) attempt.New {
	return attempt.New{Purpose: attempt.Signin, Address: address, AddressKey: address, Host: "havn.localhost"}
}
