/* SPDX-License-Identifier: Apache-2.0
   Copyright The otlpjson Authors

   Preloaded before the C library: counts the calls that change files below one folder, and at the chosen one
   kills the process, fails, or writes less than it was asked to. Another function moves the clocks. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { OFF, KILL, FAIL, SHORTEN, FAIL_SYNC };

static int mode, error_number;
static long first, last, calls, syncs;
static char below[4096];
static long long wall_step_ns;

/* From the first to the last of the calls that change a file below the folder. */
void shim_arm(int new_mode, long from, long to, int error, const char *folder) {
    snprintf(below, sizeof below, "%s", folder);
    calls = 0, syncs = 0, first = from, last = to, error_number = error;
    mode = new_mode;
}

long shim_calls(void) { return calls; }

/* How many of them were an fsync or fdatasync. */
long shim_syncs(void) { return syncs; }

void shim_step_clock(double seconds) { wall_step_ns += (long long)(seconds * 1e9); }

static int is_below(const char *path) { return strncmp(path, below, strlen(below)) == 0; }

static int is_hit(void) {
    calls++;
    if (calls < first || calls > last) return 0;
    if (mode == KILL) kill(getpid(), SIGKILL), pause();
    return 1;
}

static int hits_file(int file) {
    char link[64], path[4096];
    if (mode == OFF) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path) && is_hit();
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define FAILED(value) return errno = error_number, value

ssize_t write(int file, const void *data, size_t size) {
    REAL(write);
    if (hits_file(file)) {
        if (mode == FAIL) FAILED(-1);
        if (mode == SHORTEN && size > 1) size /= 2;
    }
    return real(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    REAL(pwrite);
    if (hits_file(file)) {
        if (mode == FAIL) FAILED(-1);
        if (mode == SHORTEN && size > 1) size /= 2;
    }
    return real(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    REAL(pwrite64);
    if (hits_file(file)) {
        if (mode == FAIL) FAILED(-1);
        if (mode == SHORTEN && size > 1) size /= 2;
    }
    return real(file, data, size, at);
}

#define SYNC(name)                                                   \
    int name(int file) {                                             \
        REAL(name);                                                  \
        int is_chosen = hits_file(file);                             \
        if (mode != OFF) syncs++;                                    \
        if (is_chosen && (mode == FAIL || mode == FAIL_SYNC)) FAILED(-1); \
        return real(file);                                           \
    }
SYNC(fsync)
SYNC(fdatasync)

int ftruncate(int file, off_t size) {
    REAL(ftruncate);
    if (hits_file(file) && mode == FAIL) FAILED(-1);
    return real(file, size);
}

int ftruncate64(int file, off64_t size) {
    REAL(ftruncate64);
    if (hits_file(file) && mode == FAIL) FAILED(-1);
    return real(file, size);
}

int unlink(const char *path) {
    REAL(unlink);
    if (mode != OFF && is_below(path) && is_hit() && mode == FAIL) FAILED(-1);
    return real(path);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    if (mode != OFF && is_below(from) && is_hit() && mode == FAIL) FAILED(-1);
    return real(from, to);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    REAL(clock_gettime);
    int result = real(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME && wall_step_ns) {
        long long ns = time->tv_sec * 1000000000LL + time->tv_nsec + wall_step_ns;
        time->tv_sec = ns / 1000000000LL, time->tv_nsec = ns % 1000000000LL;
    }
    return result;
}
