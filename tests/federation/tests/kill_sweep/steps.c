/* Counts what a process writes through to its disk, and ends the process at one of them, before it is done or after. Loaded with LD_PRELOAD.
 *
 * POLDER_STEP=N: which, from 1 on; 0: none. POLDER_STEP_AFTER: after it. Counting begins when a file named `begin` is synced. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int begun, steps;

static int is_beginning(int file) {
    char link[64], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 6) return 0;
    path[length] = 0;
    return strcmp(path + length - 6, "/begin") == 0;
}

static int step(int file, const char *name) {
    int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (!begun) {
        if (is_beginning(file)) begun = 1;
        return sync(file);
    }
    const char *which = getenv("POLDER_STEP");
    int ends = which && ++steps == atoi(which), after = getenv("POLDER_STEP_AFTER") != NULL;
    if (ends && !after) kill(getpid(), SIGKILL);
    int done = sync(file);
    if (ends) kill(getpid(), SIGKILL);
    return done;
}

int fsync(int file) { return step(file, "fsync"); }
int fdatasync(int file) { return step(file, "fdatasync"); }

__attribute__((destructor)) static void told(void) {
    if (begun) fprintf(stderr, "\nsteps: %d\n", steps);
}
