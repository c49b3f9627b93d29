package server

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
)

// tmpfs is the kind of a file system in memory (statfs(2)).
const tmpfs = 0x01021994

// memoryFor is how many bytes a folder in memory can take; 0 where it is none.
func memoryFor(folder string) uint64 {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil || fs.Type != tmpfs || fs.Bsize <= 0 {
		return 0
	}
	return min(fs.Bavail*uint64(fs.Bsize), freeMemory())
}

// freeMemory is what the kernel says new programs can have without swapping.
func freeMemory() uint64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(text, []byte("MemAvailable:"))
	var kilobytes uint64
	if _, err := fmt.Fscan(bytes.NewReader(rest), &kilobytes); err != nil {
		return 0
	}
	return kilobytes << 10
}
