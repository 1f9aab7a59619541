#include "CMemory.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// As the program ends where output failed (ExitStatus).
enum { status_output_failed = 5 };

// The linker makes these where it is told to wrap; elsewhere they are null, and so are their callers without use.
extern void *__real_malloc(size_t size) __attribute__((weak));
extern void *__real_calloc(size_t count, size_t size) __attribute__((weak));
extern void *__real_realloc(void *old, size_t size) __attribute__((weak));
extern void *__real_aligned_alloc(size_t alignment, size_t size) __attribute__((weak));
extern int __real_posix_memalign(void **memory, size_t alignment, size_t size) __attribute__((weak));

// The system's limits: 255 bytes and a null (NAME_MAX).
enum { most_files = 8, longest_name = 256 };

static struct {
    int directory;
    char name[longest_name];
} unfinished[most_files];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// Memory that one thread gives back is there for the others, and large arrays go back to the system at once: half of what a report
// takes is given back by other threads while it grows.
__attribute__((constructor)) static void share_memory(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

void memory_note_unfinished(int directory, const char *name) {
    size_t length = strlen(name);
    if (length >= longest_name) return;
    pthread_mutex_lock(&lock);
    for (int place = 0; place < most_files; place++) {
        if (unfinished[place].name[0] != 0) continue;
        unfinished[place].directory = directory;
        memcpy(unfinished[place].name, name, length + 1);
        break;
    }
    pthread_mutex_unlock(&lock);
}

void memory_note_finished(int directory, const char *name) {
    pthread_mutex_lock(&lock);
    for (int place = 0; place < most_files; place++) {
        if (unfinished[place].directory != directory || strcmp(unfinished[place].name, name) != 0) continue;
        unfinished[place].name[0] = 0;
    }
    pthread_mutex_unlock(&lock);
}

static void say(const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, text, length);
        if (written < 0 && errno != EINTR) return;
        if (written > 0) text += written, length -= (size_t)written;
    }
}

// Nothing here may ask for memory.
static _Noreturn void end(size_t size) {
    char digits[24];
    char *first = digits + sizeof digits;
    do *--first = (char)('0' + size % 10);
    while ((size /= 10) > 0);
    char text[256] = "vrrpwatch: the system refused ";
    strncat(text, first, (size_t)(digits + sizeof digits - first));
    strcat(text, " bytes of memory: allow the program more, or give it less at a time (fewer files, or a filter with -f)\n");
    say(text, strlen(text));
    // Another thread may hold the lock, and wait for memory as well; a name that it is writing is not removed then.
    if (pthread_mutex_trylock(&lock) == 0) {
        for (int place = 0; place < most_files; place++) {
            if (unfinished[place].name[0] != 0) unlinkat(unfinished[place].directory, unfinished[place].name, 0);
        }
    }
    _exit(status_output_failed);
}

static size_t product(size_t count, size_t size) {
    return size != 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size;
}

void *__wrap_malloc(size_t size) {
    void *memory = __real_malloc(size);
    if (memory == NULL) end(size);
    return memory;
}

void *__wrap_calloc(size_t count, size_t size) {
    void *memory = __real_calloc(count, size);
    if (memory == NULL) end(product(count, size));
    return memory;
}

void *__wrap_realloc(void *old, size_t size) {
    void *memory = __real_realloc(old, size);
    // A size of 0 frees.
    if (memory == NULL && size > 0) end(size);
    return memory;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    void *memory = __real_aligned_alloc(alignment, size);
    if (memory == NULL) end(size);
    return memory;
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
    int error = __real_posix_memalign(memory, alignment, size);
    if (error == ENOMEM) end(size);
    return error;
}
