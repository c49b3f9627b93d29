// Package server starts throw-away Postgres and Redis servers for the test
// suite and stops exactly what it started.
//
// Servers listen on loopback, on free ports, keep their data in a temporary
// folder and give up durability for speed. A server whose URL the environment
// already names is used as it is and never stopped.
package server
