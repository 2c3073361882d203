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
