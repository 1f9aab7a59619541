// Calls of the kernel that Swift cannot make by itself, because prctl(2) and syscall(2) take variable arguments.
// Each returns what the kernel returns: -1 and errno for a failure.

#include <errno.h>
#include <linux/capability.h>
#include <nss.h>
#include <stdint.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif

static inline int linux_set_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L); }

static inline int linux_no_new_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L); }

static inline int linux_keep_capabilities(long keep) { return prctl(PR_SET_KEEPCAPS, keep, 0L, 0L, 0L); }

static inline int linux_is_in_bounding_set(long capability) { return prctl(PR_CAPBSET_READ, capability, 0L, 0L, 0L); }

static inline int linux_drop_from_bounding_set(long capability) {
    return prctl(PR_CAPBSET_DROP, capability, 0L, 0L, 0L);
}

static inline int linux_clear_ambient_capabilities(void) {
    return prctl(PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L);
}

// Sets what is permitted and effective, and empties what is inheritable.
static inline int linux_set_capabilities(uint64_t capabilities) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)capabilities, (uint32_t)capabilities, 0},
        {(uint32_t)(capabilities >> 32), (uint32_t)(capabilities >> 32), 0},
    };
    return (int)syscall(__NR_capset, &header, data);
}

// Everything in any of the sets permitted and effective; all ones where the kernel does not tell.
static inline uint64_t linux_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(__NR_capget, &header, data) != 0) return ~(uint64_t)0;
    uint64_t low = data[0].permitted | data[0].effective;
    uint64_t high = data[1].permitted | data[1].effective;
    return low | high << 32;
}

// Sets whose files the calling thread opens and makes (credentials(7)); both calls return what was before, whatever they did.
static inline int linux_make_files_as(uid_t user, gid_t group) {
    setfsgid(group);
    setfsuid(user);
    if ((gid_t)setfsgid((gid_t)-1) == group && (uid_t)setfsuid((uid_t)-1) == user) return 0;
    errno = EPERM;
    return -1;
}

// The version of Landlock's interface.
static inline long linux_landlock_version(void) {
    return syscall(__NR_landlock_create_ruleset, (void *)0, (size_t)0, 1U);
}

// struct landlock_ruleset_attr has grown over the versions; `size` is how much of it the kernel knows.
static inline int linux_landlock_create(uint64_t files, uint64_t network, uint64_t scopes, size_t size) {
    uint64_t attributes[3] = {files, network, scopes};
    return (int)syscall(__NR_landlock_create_ruleset, attributes, size, 0U);
}

// LANDLOCK_RULE_PATH_BENEATH
static inline int linux_landlock_allow(int ruleset, int directory, uint64_t access) {
    struct {
        uint64_t allowed_access;
        int32_t parent_fd;
    } __attribute__((packed)) rule = {access, directory};
    return (int)syscall(__NR_landlock_add_rule, ruleset, 1, &rule, 0U);
}

static inline int linux_landlock_restrict(int ruleset) {
    return (int)syscall(__NR_landlock_restrict_self, ruleset, 0U);
}

// Where the C library looks names of one kind up from now on, in place of what /etc/nsswitch.conf says.
static inline int linux_look_up(const char *names, const char *services) {
    return __nss_configure_lookup(names, services);
}
