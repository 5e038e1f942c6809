# shellcheck shell=bash
# Shared by the scripts in this folder; they source it.

say() { printf '%s\n' "$*" >&2 || true; }
die() {
  say "$@"
  exit 1
}
is_root() { [ "$(id -u)" -eq 0 ]; }

# Run a command as root: as we are, or by a sudo that asks for no password.
as_root() { if is_root; then "$@"; else sudo -n "$@"; fi; }
can_be_root() { is_root || sudo -n true 2>/dev/null; }

package_manager() {
  local name
  for name in apt-get dnf yum brew apk pacman zypper; do
    if command -v "$name" >/dev/null; then
      echo "$name"
      return
    fi
  done
  echo none
}

# The command a person would type to install these packages.
install_command() { # manager package...
  local manager=$1
  shift
  case $manager in
    brew) echo "brew install $*" ;;
    apk) echo "sudo apk add $*" ;;
    pacman) echo "sudo pacman -Sy $*" ;;
    *) echo "sudo $manager install $*" ;;
  esac
}

# Install packages, without questions. Fails when this account may not.
install_packages() { # manager package...
  local manager=$1 log status=0
  shift
  if [ "$manager" = brew ]; then
    ! is_root || return 1 # Homebrew refuses root
  else
    can_be_root || return 1
  fi
  say "Installing $* with $manager…"
  log=$(mktemp)
  case $manager in
    apt-get) apt_install "$@" ;;
    dnf | yum) as_root "$manager" install -y "$@" ;;
    brew) brew install "$@" ;;
    apk) as_root apk add "$@" ;;
    pacman) as_root pacman -Sy --noconfirm --needed "$@" ;;
    zypper) as_root zypper --non-interactive install "$@" ;;
    *) false ;;
  esac >"$log" 2>&1 </dev/null || status=$?
  [ "$status" -eq 0 ] || tail -n 5 "$log" >&2
  rm -f "$log"
  return "$status"
}

# A second run may hold one of apt's locks, and the package lists may be old or missing: try again.
apt_install() {
  local attempt
  for attempt in 1 2 3 4 5 6; do
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 \
      install -y --no-install-recommends "$@" && return
    [ "$attempt" -eq 1 ] || sleep 5
    as_root apt-get -o DPkg::Lock::Timeout=120 update || true
  done
  return 1
}

need_dotnet() {
  command -v dotnet >/dev/null || die "The .NET SDK is not on the PATH. Install the .NET 10 SDK, then try again."
}
