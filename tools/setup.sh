# Sourced by ./husk and ./verify: finds what they need, or installs it where that is allowed.

# The directory of a JDK 25, or nothing: JAVA_HOME, PATH, then the usual places.
find_jdk() {
  local java jdk
  java=$(command -v javac || true)
  for jdk in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" \
      "$([ -z "$java" ] || dirname "$(dirname "$(readlink -f "$java")")")" \
      /usr/lib/jvm/* /opt/java/* /opt/jdk* \
      "${SDKMAN_DIR:-${HOME:-/root}/.sdkman}"/candidates/java/*; do
    if [ -n "$jdk" ] && [ -x "$jdk/bin/javac" ] &&
        grep -qs '^JAVA_VERSION="25[".]' "$jdk/release"; then
      echo "$jdk"
      return
    fi
  done
}

# Installs Debian packages, if we may and apt has all of them; says so on stderr.
apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 1
  # A fresh container has no package lists yet.
  apt-cache show "$@" > /dev/null 2>&1 || apt-get -qq update > /dev/null 2>&1 || return 1
  apt-cache show "$@" > /dev/null 2>&1 || return 1
  echo "installing $*" >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" \
    > /dev/null 2>&1
}

# Sets jdk, and JAVA25_HOME for Maven's tool chain; or ends with what to install.
need_jdk() {
  jdk=$(find_jdk)
  if [ -z "$jdk" ] && apt_install openjdk-25-jdk-headless; then
    jdk=$(find_jdk)
  fi
  if [ -z "$jdk" ]; then
    echo "$(basename "$0"): needs a JDK 25; install one (Eclipse Temurin 25, or with SDKMAN:" \
      "sdk install java 25-tem) and set JAVA_HOME to it" >&2
    exit 1
  fi
  export JAVA25_HOME=$jdk
}

# Makes sure of Maven, on a Java that its plugins can run on; or ends with what to install.
need_maven() {
  if ! command -v mvn > /dev/null && ! apt_install maven; then
    echo "$(basename "$0"): needs Maven 3.8 or newer; install it (Debian: apt install maven)" >&2
    exit 1
  fi
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java major
  major=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' || true)
  if [ "${major:-0}" -lt 17 ]; then
    export JAVA_HOME=$jdk
  fi
}

# What the tests of images check ours against. Those that stay away fail the tests that need them.
need_image_tools() {
  local missing=() pair
  for pair in readelf:binutils qemu-system-x86_64:qemu-system-x86 qemu-img:qemu-utils \
      /usr/share/OVMF:ovmf modprobe:kmod /usr/lib/systemd/boot/efi:systemd-boot-efi cpio:cpio \
      fsck.fat:dosfstools mdir:mtools sgdisk:gdisk sfdisk:fdisk busybox:busybox-static \
      dnsmasq:dnsmasq-base ip:iproute2 unshare:util-linux mksquashfs:squashfs-tools \
      script:bsdutils sbsign:sbsigntool openssl:openssl; do
    command -v "${pair%%:*}" > /dev/null || [ -e "${pair%%:*}" ] || [ -x "/sbin/${pair%%:*}" ] ||
      missing+=("${pair#*:}")
  done
  /usr/bin/python3 -c 'import yaml' 2> /dev/null || missing+=(python3-yaml)
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}" ||
    echo "$(basename "$0"): the tests of images need ${missing[*]}" >&2
}

# A kernel for guests: sets HUSK_KERNEL to its file and HUSK_KERNEL_ROOT to what that is in.
need_kernel() {
  local root=$PWD/target/kernel package
  if ! compgen -G "$root/boot/vmlinuz-*" > /dev/null; then
    rm -rf "$root" "$root.new"
    mkdir -p "$root.new"
    package=$(apt-cache depends linux-image-cloud-amd64 2> /dev/null |
      awk '/Depends:/ { print $2; exit }')
    if [ -z "$package" ] ||
        ! (cd "$root.new" && apt-get -qq download "$package" 2> /dev/null &&
          dpkg-deb -x ./*.deb . && rm ./*.deb); then
      echo "$(basename "$0"): no kernel for guests: apt-get download linux-image-cloud-amd64 failed" >&2
      return
    fi
    mv "$root.new" "$root"
  fi
  export HUSK_KERNEL_ROOT=$root
  HUSK_KERNEL=$(compgen -G "$root/boot/vmlinuz-*" | head -n 1)
  export HUSK_KERNEL
}

# Makes sure of a container engine: one that answers, else a dockerd of our own, which ends with
# this script. Says in a line why there is none.
need_engine() {
  docker info > /dev/null 2>&1 && return
  if [ "$(id -u)" != 0 ] || ! { command -v dockerd > /dev/null || apt_install docker.io; }; then
    echo "$(basename "$0"): no container engine answers, so the tests of containers fail; start" \
      "Docker or Podman, or install one (Debian: apt install docker.io)" >&2
    return
  fi
  # Sockets below a short path: their names have a limit.
  engine_run=$(mktemp -d /tmp/husk-engine.XXXXXX)
  engine_data=$PWD/target/engine
  mkdir -p "$engine_data"
  # Containers get the machine's own network, so nothing of it is to be set up.
  dockerd --host "unix://$engine_run/docker.sock" --data-root "$engine_data" \
    --exec-root "$engine_run/exec" --pidfile "$engine_run/pid" \
    --iptables=false --bridge=none > target/dockerd.log 2>&1 &
  engine_pid=$!
  trap end_engine EXIT
  export DOCKER_HOST=unix://$engine_run/docker.sock
  for _ in {1..60}; do
    docker info > /dev/null 2>&1 && return
    kill -0 "$engine_pid" 2> /dev/null || break
    sleep 0.5
  done
  echo "$(basename "$0"): dockerd doesn't start, so the tests of containers fail:" \
    "$(tail -n 1 target/dockerd.log)" >&2
}

# Ends the engine that need_engine started, and removes its files.
end_engine() {
  kill "$engine_pid" 2> /dev/null && wait "$engine_pid" || true
  umount "$engine_run"/exec/netns/* 2> /dev/null || true # It leaves this behind.
  rm -rf "$engine_run" "$engine_data"
}
