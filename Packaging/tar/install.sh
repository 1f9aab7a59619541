#!/bin/sh
# Installs vrrpwatch from this archive: sudo ./install.sh [PREFIX], by default /usr/local. `./install.sh --remove [PREFIX]` removes it.
set -eu
cd "$(dirname "$0")"

remove=
if [ "${1-}" = --remove ]; then
    remove=yes
    shift
fi
case "${1-}" in
    -*)
        echo "usage: ./install.sh [--remove] [PREFIX]" >&2
        exit 64
        ;;
esac
prefix=${1-/usr/local}
if [ "${prefix#/}" = "$prefix" ]; then
    echo "install.sh: PREFIX begins with a slash, not '$prefix'" >&2
    exit 64
fi

# Units are where systemd looks; everything else is below PREFIX.
units=$prefix/lib/systemd/system
find bin share lib -type f | sort | while read -r file; do
    target=$prefix/$file
    if [ -n "$remove" ]; then
        rm -f "$target"
    else
        mode=644
        if [ -x "$file" ]; then mode=755; fi
        install -D -m "$mode" "$file" "$target"
    fi
done
unit="$units/vrrpwatch@.service"
if [ -z "$remove" ]; then
    sed -i "s|^ExecStart=[^ ]*|ExecStart=$prefix/bin/vrrpwatch|" "$unit"
    echo "vrrpwatch is in $prefix/bin. To watch an interface for months: systemctl enable --now vrrpwatch@eth0"
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
