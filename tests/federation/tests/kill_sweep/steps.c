/* Counts what a process writes through to its disk, and ends the process at one of them, before it is done or after. Loaded with LD_PRELOAD.
 *
 * POLDER_STEP=N: which, from 1 on; 0: none. POLDER_STEP_AFTER: after it. Counting begins when a file named `begin` is synced.
 *
 * What has been written through is also copied: beside FILE stands FILE.durable, with all that would be there had the power gone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* Whoever does not wait for this step goes on for a moment, and says what it should not. */
static void end(void) {
    usleep(30 * 1000);
    kill(getpid(), SIGKILL);
}

static void keep(int file) {
    char link[64], path[512], kept[600], next[700], bytes[65536];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    snprintf(kept, sizeof kept, "%s.durable", path);
    snprintf(next, sizeof next, "%s.next", kept);
    struct stat is;
    if (fstat(file, &is) != 0 || !S_ISREG(is.st_mode)) return;
    int from = open(path, O_RDONLY), to = open(next, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (from < 0 || to < 0) abort();
    while ((length = read(from, bytes, sizeof bytes)) > 0)
        if (write(to, bytes, length) != length) abort();
    if (length < 0) abort();
    close(from);
    close(to);
    /* Whole, or not at all: another thread may end the process meanwhile. */
    if (rename(next, kept) != 0) abort();
}

static int step(int file, const char *name) {
    int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (!begun) {
        if (is_beginning(file)) begun = 1;
        int done = sync(file);
        keep(file);
        return done;
    }
    const char *which = getenv("POLDER_STEP");
    int ends = which && ++steps == atoi(which), after = getenv("POLDER_STEP_AFTER") != NULL;
    if (ends && !after) end();
    int done = sync(file);
    keep(file);
    if (ends) end();
    return done;
}

int fsync(int file) { return step(file, "fsync"); }
int fdatasync(int file) { return step(file, "fdatasync"); }

__attribute__((destructor)) static void told(void) {
    if (begun) fprintf(stderr, "\nsteps: %d\n", steps);
}
