#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. Everything goes below its folder; on
# a machine that has Python 3.11 or newer nothing else is needed, compilers least of all.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"
venv="$root/venv"
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# Prints the newest interpreter that is new enough and can make environments.
find_python() {
    local candidate
    for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    # On Ubuntu 22.04 `python3` is 3.10, and 3.11 has packages of its own.
    case "$(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}")" in
        "ubuntu 22.04") packages=(python3.11 python3.11-venv) ;;
        *) packages=(python3 python3-venv) ;;
    esac
    apt-get update -q || true
    apt-get install -y -q --no-install-recommends "${packages[@]}" || true
    if ! python=$(find_python); then
        echo "No Python 3.11 or newer can be had here: choose Ubuntu 22.04 or newer as base image." >&2
        exit 1
    fi
fi

"$python" -m venv --clear "$venv"
wheel=("$source"/*.whl)
install=("$venv/bin/python" -I -m pip install --quiet --no-cache-dir --only-binary :all:)
if "${install[@]}" -r "$source/requirements.txt"; then
    "${install[@]}" --no-deps "${wheel[0]}"
else
    # The archive may have been made with a newer Python, for which there are newer packages.
    echo "Not all of requirements.txt is there for $("$python" --version): taking what is." >&2
    "${install[@]}" "${wheel[0]}"
fi

# The filter of system calls needs a library of the system. Without it the other layers still hold.
if ! "$venv/bin/python" -I -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null && [ "$(id -u)" = 0 ]; then
    { apt-get update -q && apt-get install -y -q --no-install-recommends libseccomp2; } ||
        echo "libseccomp2 cannot be installed: student code runs without a filter of system calls." >&2
fi

# Where the kernel has no Landlock, student code runs as a user who may not read what only root may:
# that is what keeps graders and solutions from it.
library=$("$venv/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
chmod -R go-rwx "$source" "$library/autograder"
