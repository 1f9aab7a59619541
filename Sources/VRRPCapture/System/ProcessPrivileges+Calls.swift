internal import CSeccomp
internal import Glibc

/// The calls to the kernel that stay possible, by a filter that the kernel itself runs (seccomp(2)).
extension ProcessPrivileges {
    /// The work that a process goes on with.
    package struct Work: Sendable {
        /// Whether interfaces will have to be opened again.
        package var opensInterfaces: Bool
        /// Whether programs are started, which the filter holds as well.
        package var runsPrograms: Bool

        package init(opensInterfaces: Bool, runsPrograms: Bool) {
            self.opensInterfaces = opensInterfaces
            self.runsPrograms = runsPrograms
        }
    }

    /// Lets this process, and all it starts, make no calls to the kernel but those that its work takes.
    ///
    /// Without programs that are what capturing and writing files takes. Any program may make any other call that an
    /// unprivileged user has a use for, so with programs only those are refused that nobody but an attacker would make.
    ///
    /// A call that is refused fails with EPERM, and the kernel logs it: a watch that has run for months does not die of a
    /// call that nobody foresaw.
    ///
    /// - Returns: whether this kernel has such filters.
    /// - Throws: ``Failure`` where it has and refuses this one.
    package static func limitCalls(to work: Work) throws(Failure) -> Bool {
        guard let filter = CallFilter(refusingOthers: !work.runsPrograms) else {
            throw Failure(message: "there is no memory for a filter of calls")
        }
        if work.runsPrograms {
            try filter.add(Calls.attacks, Action.refuse)
            try filter.add("socket", [Condition(0, equals: UInt64(AF_PACKET))], Action.refuse)
        } else {
            try filter.add(Calls.needed, Action.allow)
            for (call, conditions) in Calls.conditional { try filter.add(call, conditions, Action.allow) }
            for socket in Calls.sockets where work.opensInterfaces || socket.family != AF_PACKET {
                let conditions = [Condition(0, equals: UInt64(socket.family)), Condition(1, 0xf, equals: socket.type)]
                try filter.add("socket", conditions, Action.allow)
            }
            // The C library makes threads by an older call where this one is missing, and that one shows what it makes.
            try filter.add("clone3", [], Action.lack)
        }
        return try filter.load()
    }

    /// The actions of linux/seccomp.h, of which libseccomp has macros with arguments.
    private enum Action {
        static let allow: UInt32 = 0x7fff_0000
        private static let fail: UInt32 = 0x0005_0000
        static let refuse = fail | UInt32(EPERM)
        static let lack = fail | UInt32(ENOSYS)
    }

    /// A comparison of an argument, of which the lower half counts: the calls meant here take no longer ones.
    private struct Condition {
        var argument: UInt32
        var mask: UInt64
        var value: UInt64

        init(_ argument: UInt32, _ mask: UInt64 = 0xffff_ffff, equals value: UInt64) {
            self.argument = argument
            self.mask = mask
            self.value = value
        }
    }

    private enum Calls {
        private static let setUserAndGroup: UInt64 = 0o6000

        /// The calls for capturing, writing files, waiting, threads and memory.
        static let needed = """
            read readv pread64 write writev pwrite64 close lseek ftruncate fsync fdatasync fstat newfstatat stat lstat statx \
            access faccessat faccessat2 readlink readlinkat getdents64 renameat renameat2 unlinkat fstatfs statfs \
            fcntl dup dup2 dup3 pipe2 eventfd2 poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait \
            epoll_pwait2 timerfd_create timerfd_settime timerfd_gettime nanosleep clock_nanosleep clock_gettime clock_getres \
            gettimeofday time alarm setitimer getitimer mmap munmap mremap mprotect madvise brk futex futex_waitv \
            set_robust_list get_robust_list rseq set_tid_address membarrier sched_yield sched_getaffinity sched_getparam \
            sched_getscheduler sched_get_priority_min sched_get_priority_max getpid getppid gettid getuid geteuid getgid \
            getegid getpgrp getrandom getrusage getrlimit sysinfo uname times umask rt_sigaction rt_sigprocmask \
            rt_sigreturn rt_sigtimedwait rt_sigpending sigaltstack restart_syscall exit exit_group bind getsockopt setsockopt \
            getsockname recvfrom recvmsg
            """.split(separator: " ").map(String.init)

        /// Calls of which some forms are needed.
        static let conditional: [(call: String, conditions: [Condition])] =
            [
                // A file that its maker lets others run with its own rights outlives the process.
                ("openat", [Condition(3, setUserAndGroup, equals: 0)]),
                ("fchmod", [Condition(1, setUserAndGroup, equals: 0)]),
                // Threads, and no processes.
                ("clone", [Condition(0, threadFlags, equals: threadFlags)]),
                // Names of threads and of memory.
                ("prctl", [Condition(0, equals: 15)]), ("prctl", [Condition(0, equals: 0x5356_4d41)]),
                // Limits are read, and none is set.
                ("prlimit64", [Condition(2, equals: 0)]),
                // Threads take the priority that they already have.
                ("setpriority", [Condition(0, equals: 0), Condition(1, equals: 0)]),
                // Signals to itself.
                ("tgkill", [Condition(0, equals: UInt64(getpid()))]),
            ] + [0x5401, 0x5402, 0x5403, 0x5404, 0x5413, 0x541b].map { ("ioctl", [Condition(1, equals: $0)]) }
            // Terminals are asked and set, as above, and interfaces asked; nothing is typed into a terminal.
            + [("ioctl", [Condition(1, 0xffff_ff00, equals: 0x8900)])]

        /// CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND and CLONE_THREAD.
        private static let threadFlags: UInt64 = 0x0001_0f00

        /// Interfaces are asked by sockets of two families, heard of by a third, and opened by a fourth.
        static let sockets: [(family: CInt, type: UInt64)] = [
            (AF_LOCAL, UInt64(SOCK_DGRAM.rawValue)), (AF_INET, UInt64(SOCK_DGRAM.rawValue)),
            (AF_NETLINK, UInt64(SOCK_RAW.rawValue)), (AF_PACKET, UInt64(SOCK_RAW.rawValue)),
        ]

        /// The calls on other processes, the kernel, its devices and file systems, which no program of an unprivileged user is
        /// started for.
        static let attacks = """
            ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd perf_event_open bpf userfaultfd \
            io_uring_setup io_uring_enter io_uring_register kexec_load kexec_file_load init_module finit_module delete_module \
            create_module iopl ioperm reboot swapon swapoff mount umount umount2 mount_setattr move_mount open_tree fsopen \
            fsconfig fsmount fspick pivot_root chroot unshare setns open_by_handle_at name_to_handle_at quotactl \
            quotactl_fd acct syslog settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname vhangup \
            add_key request_key keyctl lookup_dcookie nfsservctl personality uselib ustat vmsplice mbind move_pages \
            migrate_pages set_mempolicy set_mempolicy_home_node modify_ldt
            """.split(separator: " ").map(String.init)
    }

    /// A filter of libseccomp's, until it is loaded.
    @safe
    private struct CallFilter: ~Copyable {
        private let context: UnsafeMutableRawPointer
        private let otherwise: UInt32

        /// - Parameter refusingOthers: whether calls that no rule is about are refused.
        init?(refusingOthers: Bool) {
            otherwise = refusingOthers ? Action.refuse : Action.allow
            guard let context = unsafe seccomp_init(otherwise) else { return nil }
            unsafe self.context = context
            // A filter of refusals would otherwise not hold for the programs of older processors that the kernel runs too.
            if !refusingOthers {
                for architecture in ["x86", "x32"] {
                    _ = unsafe seccomp_arch_add(context, seccomp_arch_resolve_name(architecture))
                }
            }
            // Kernels before 4.14 do not log.
            _ = unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_LOG, 1)
        }

        deinit { unsafe seccomp_release(context) }

        func add(_ calls: [String], _ action: UInt32) throws(Failure) {
            for call in calls { try add(call, [], action) }
        }

        func add(_ call: String, _ conditions: [Condition], _ action: UInt32) throws(Failure) {
            guard action != otherwise else { return }
            let number = unsafe seccomp_syscall_resolve_name(call)
            // Numbers below zero stand for calls that this processor's kernel does not have.
            guard number >= 0 else { return }
            let arguments = conditions.map {
                scmp_arg_cmp(arg: $0.argument, op: SCMP_CMP_MASKED_EQ, datum_a: $0.mask, datum_b: $0.value)
            }
            let status = unsafe seccomp_rule_add_array(context, action, number, UInt32(arguments.count), arguments)
            guard status == 0 else {
                throw Failure(message: "the filter of calls takes no rule for \(call): \(systemMessage(-status))")
            }
        }

        func load() throws(Failure) -> Bool {
            let status = unsafe seccomp_load(context)
            // EINVAL is the answer of a kernel without filters.
            if status == -EINVAL { return false }
            guard status == 0 else {
                throw Failure(message: "the filter of calls could not be put in force: \(systemMessage(-status))")
            }
            return true
        }
    }
}
