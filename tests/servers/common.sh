# Sourced by the starters beside it; see ../run.
# Each starter takes the same folder DIR and keeps to DIR/NAME, so that several runs never meet.

set -euo pipefail

die() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# free_ports COUNT: the first of COUNT ports in a row on 127.0.0.1 that nobody listens on, below the range that the
# kernel gives to outgoing connections.
free_ports() {
    local first port try
    for try in {1..200}; do
        first=$((10240 + (RANDOM * 32768 + RANDOM) % 22000))
        for ((port = first; port < first + $1; port++)); do
            ! listening "$port" || continue 2
        done
        echo "$first"
        return
    done
    die "no $1 free ports in a row found on 127.0.0.1 in $try tries"
}

listening() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# wait_for_port PORT LOG: until somebody listens, 20 s at most; shows the end of LOG when nobody does.
wait_for_port() {
    local try
    for try in {1..200}; do
        listening "$1" && return
        sleep 0.1
    done
    tail -n 20 "$2" >&2 || true
    die "nobody listens on 127.0.0.1:$1 after $((try / 10)) s; its log is $2"
}

# wait_for_end PID: until the process is gone, or nobody's zombie, 20 s at most, then by force.
wait_for_end() {
    local try
    for try in {1..200}; do
        [ "$(sed -n 's/^State:\s*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null)" != Z ] || return 0
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    echo "$(basename "$0"): process $1 did not end in $((try / 10)) s, killing it" >&2
    kill -9 "$1" 2>/dev/null || true
}

# as USER COMMAND…: root runs COMMAND as USER, anybody else as himself.
as() {
    local user=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups -- "$@"
    else
        "$@"
    fi
}

# certificate DIR: DIR/tls/{ca,server,key}.pem, a throw-away authority and its certificate for localhost.
certificate() {
    local tls=$1/tls
    [ -s "$tls/server.pem" ] && return
    mkdir -p "$tls"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=inquiryd test authority" \
        -addext "keyUsage=critical,keyCertSign" -keyout "$tls/ca-key.pem" -out "$tls/ca.pem" 2>"$tls/log" || die "openssl: $(cat "$tls/log")"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
        -keyout "$tls/key.pem" -out "$tls/request.pem" 2>"$tls/log" || die "openssl: $(cat "$tls/log")"
    openssl x509 -req -in "$tls/request.pem" -CA "$tls/ca.pem" -CAkey "$tls/ca-key.pem" -CAcreateserial -days 30 \
        -extfile <(printf '%s\n' "basicConstraints=critical,CA:FALSE" "subjectAltName=DNS:localhost,IP:127.0.0.1") \
        -out "$tls/server.pem" 2>"$tls/log" || die "openssl: $(cat "$tls/log")"
    chmod 644 "$tls/key.pem"
}
