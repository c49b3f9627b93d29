// Package e2e tells the product's main stories from outside: the whole program
// runs, and what is asserted is what a person or an attacker would see. Here
// the browser runs no scripts, so the same stories hold without JavaScript, and
// they run on both databases; package walk tells them again in Chromium.
package e2e
