/// The keywords of keepalived.conf around VRRP, of versions up to 2.4 (keepalived.conf(5); `init_vrrp_keywords` in
/// vrrp_parser.c), by which an unknown one is told.
enum KeepalivedKeywords {
    /// The keywords of `vrrp_instance`.
    static let instance: Set = [
        "state", "interface", "vrf", "use_vmac", "use_vmac_addr", "vmac_xmit_base", "use_ipvlan", "native_ipv6",
        "dont_track_primary", "linkbeat_use_polling", "track_interface", "track_script", "track_file", "track_process",
        "track_bfd", "mcast_src_ip", "unicast_src_ip", "mcast_dst_ip", "track_src_ip", "version", "check_unicast_src",
        "unicast_peer", "unicast_fault_no_peer", "unicast_ttl", "old_unicast_checksum", "v3_checksum_as_v2",
        "garp_master_delay", "garp_master_repeat", "garp_master_refresh", "garp_master_refresh_repeat",
        "garp_lower_prio_delay", "garp_lower_prio_repeat", "garp_extra_if", "garp_interval", "gna_interval",
        "down_timer_adverts", "lower_prio_no_advert", "higher_prio_send_advert", "owner_ignore_adverts",
        "virtual_router_id", "priority", "advert_int", "authentication", "auth_hmac", "virtual_ipaddress",
        "virtual_ipaddress_excluded", "no_virtual_ipaddress", "promote_secondaries", "virtual_routes", "virtual_rules",
        "accept", "no_accept", "skip_check_adv_addr", "strict_mode", "nopreempt", "preempt_delay", "debug",
        "notify_master", "notify_backup", "notify_fault", "notify_stop", "notify_deleted",
        "notify_master_rx_lower_pri", "notify", "notify_priority_changes", "smtp_alert", "lvs_sync_daemon_interface",
        "kernel_rx_buf_size", "timer_expired_backup",
    ]

    static let authentication: Set = ["auth_type", "auth_pass"]

    static let syncGroup: Set = [
        "group", "track_interface", "track_script", "track_file", "track_process", "track_bfd", "notify_master",
        "notify_backup", "notify_fault", "notify_stop", "notify_deleted", "notify", "notify_priority_changes",
        "smtp_alert", "global_tracking", "sync_group_tracking_weight",
    ]

    static let script: Set = [
        "script", "interval", "timeout", "weight", "rise", "fall", "user", "init_fail",
    ]

    static let file: Set = ["file", "weight", "init_file", "init_value"]

    static let process: Set = [
        "process", "weight", "quorum", "quorum_max", "delay", "terminate_delay", "fork_delay", "full_command",
        "param_match",
    ]

    static let bfd: Set = [
        "neighbor_ip", "source_ip", "local_ip", "min_rx", "min_tx", "idle_tx", "multiplier", "passive", "ttl",
        "hoplimit", "max_hops", "weight",
    ]

    /// The keywords of `global_defs`.
    static let global: Set = [
        "process_names", "process_name", "vrrp_process_name", "checker_process_name", "lvs_process_name",
        "bfd_process_name", "router_id", "notification_email", "notification_email_from", "smtp_server",
        "smtp_helo_name", "smtp_connect_timeout", "smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker",
        "startup_script", "startup_script_timeout", "shutdown_script", "shutdown_script_timeout", "max_auto_priority",
        "min_auto_priority_delay", "checker_log_all_failures", "dynamic_interfaces", "no_email_faults",
        "default_interface", "disable_local_igmp", "lvs_timeouts", "lvs_flush", "lvs_flush_on_stop",
        "lvs_flush_onstop", "lvs_sync_daemon", "vrrp_mcast_group4", "vrrp_mcast_group6", "vrrp_garp_master_delay",
        "vrrp_garp_master_repeat", "vrrp_garp_master_refresh", "vrrp_garp_master_refresh_repeat",
        "vrrp_garp_lower_prio_delay", "vrrp_garp_lower_prio_repeat", "vrrp_down_timer_adverts", "vrrp_garp_interval",
        "vrrp_gna_interval", "vrrp_min_garp", "vrrp_garp_extra_if", "vrrp_lower_prio_no_advert",
        "vrrp_higher_prio_send_advert", "vrrp_owner_ignore_adverts", "vrrp_version", "vrrp_iptables", "vrrp_ipsets",
        "nftables", "nftables_priority", "nftables_ifindex", "nftables_ipvs", "nftables_ipvs_priority",
        "nftables_ipvs_start_fwmark", "nftables_counters", "vrrp_check_unicast_src", "vrrp_skip_check_adv_addr",
        "vrrp_strict", "v3_checksum_as_v2", "vrrp_priority", "vrrp_no_swap", "vrrp_rt_priority", "vrrp_cpu_affinity",
        "vrrp_rlimit_rttime", "vrrp_rlimit_rtime", "vrrp_notify_fifo", "vrrp_notify_fifo_script",
        "vrrp_notify_priority_changes", "fifo_write_vrrp_states_on_reload", "lvs_notify_fifo",
        "lvs_notify_fifo_script", "notify_fifo", "notify_fifo_script", "checker_priority", "checker_no_swap",
        "checker_rt_priority", "checker_cpu_affinity", "checker_rlimit_rttime", "checker_rlimit_rtime", "bfd_priority",
        "bfd_no_swap", "bfd_rt_priority", "bfd_cpu_affinity", "bfd_rlimit_rttime", "bfd_rlimit_rtime", "snmp_socket",
        "enable_traps", "enable_snmp_vrrp", "enable_snmp_keepalived", "enable_snmp_rfc", "enable_snmp_rfcv2",
        "enable_snmp_rfcv3", "enable_snmp_checker", "enable_dbus", "dbus_service_name", "dbus_no_interface_name",
        "script_user", "enable_script_security", "vrrp_netlink_cmd_rcv_bufs", "vrrp_netlink_cmd_rcv_bufs_force",
        "vrrp_netlink_monitor_rcv_bufs", "vrrp_netlink_monitor_rcv_bufs_force", "process_monitor_rcv_bufs",
        "process_monitor_rcv_bufs_force", "lvs_netlink_cmd_rcv_bufs", "lvs_netlink_cmd_rcv_bufs_force",
        "lvs_netlink_monitor_rcv_bufs", "lvs_netlink_monitor_rcv_bufs_force", "rs_init_notifies", "no_checker_emails",
        "vrrp_rx_bufs_policy", "vrrp_rx_bufs_multiplier", "vrrp_startup_delay", "vrrp_delay_after_boot",
        "log_unknown_vrids", "vmac_prefix", "vmac_addr_prefix", "random_seed", "reload_check_config",
        "reload_time_file", "reload_repeat", "reload_file", "include_check", "config_save_dir",
        "tmp_config_directory", "data_use_instance", "umask", "json_version", "iproute_usr_dir", "iproute_etc_dir",
        "use_symlink_paths", "linkbeat_use_polling", "net_namespace", "net_namespace_ipvs", "namespace_with_ipsets",
        "instance", "use_pid_dir", "child_wait_time", "state_dump_file", "stats_dump_file", "json_dump_file",
    ]

    /// At the top of the file.
    static let top: Set = [
        "global_defs", "vrrp_instance", "vrrp_sync_group", "vrrp_script", "vrrp_track_file", "track_file",
        "vrrp_track_process", "track_process", "bfd_instance", "garp_group", "linkbeat_interfaces",
        "interface_up_down_delays", "static_ipaddress", "static_routes", "static_rules", "track_group",
        "virtual_server_group", "virtual_server", "SSL", "vrrp_ipsets", "net_namespace", "net_namespace_ipvs",
        "namespace_with_ipsets", "linkbeat_use_polling", "instance", "use_pid_dir", "child_wait_time",
        "process_names", "state_dump_file", "stats_dump_file", "json_dump_file",
    ]
}
