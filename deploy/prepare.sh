#!/bin/sh
# Write what is secret into deploy/secrets, or the folder that is named; what is there already stays as it is.
# The folder is its owner's alone. The files in it can be read by all, because each is shown to one container by itself,
# whose user is another than you.
set -eu
folder=${1:-"$(dirname "$0")/secrets"}
host=${ADVISOR_HOST:-localhost}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"
[ -s database_password ] || openssl rand -hex 24 | tr -d '\n' > database_password
[ -s database_address ] || printf 'postgresql://advisor:%s@database/advisor' "$(cat database_password)" > database_address
if [ ! -s secrets.toml ]; then
    printf '# Sign-in: see docs/sign-in.md. Each replica reads this one file, so all share the secret.\n' > secrets.toml
    printf '# [auth]\n# redirect_uri = "https://%s/oauth2callback"\n# cookie_secret = "%s"\n' "$host" "$(openssl rand -hex 32)" >> secrets.toml
    printf '# client_id = ""\n# client_secret = ""\n# server_metadata_url = ""\n' >> secrets.toml
fi
if [ ! -s tls.crt ] || [ ! -s tls.key ]; then # one of your own making, until your house gives you another
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -keyout tls.key -out tls.crt \
        -subj "/CN=$host" -addext "subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1" 2>/dev/null
fi
chmod 644 database_password database_address secrets.toml tls.crt tls.key
echo "$folder holds the passwords, the settings of sign-in and the certificate."
