#!/bin/sh
# An agent for Docket in POSIX sh: counts and checksums of the job's description. Docket puts the description, as plain
# text, into the attempt's own folder, so that a shell needs no JSON parser. Protocol: README.md beside this file.
set -eu

file="${DOCKET_WORK:-.}/description.txt"
if [ ! -f "$file" ]; then
  echo "no description.txt in ${DOCKET_WORK:-.}: is this run by Docket?" >&2
  exit 1
fi

echo '{"type":"progress","percent":10,"message":"reading the description"}'

bytes=$(wc -c < "$file" | tr -d ' ')
lines=$(wc -l < "$file" | tr -d ' ')
words=$(wc -w < "$file" | tr -d ' ')
crc=$(cksum < "$file" | cut -d ' ' -f 1)

if command -v sha256sum > /dev/null; then
  sha256=$(sha256sum < "$file" | cut -d ' ' -f 1)
elif command -v shasum > /dev/null; then
  sha256=$(shasum -a 256 < "$file" | cut -d ' ' -f 1)
else
  sha256=''
  echo 'neither sha256sum nor shasum is installed: no SHA-256' >&2
fi

# all values are digits or hex, so nothing needs escaping
if [ -n "$sha256" ]; then sha256="\"$sha256\""; else sha256=null; fi
printf '{"type":"result","result":{"bytes":%s,"lineBreaks":%s,"words":%s,"cksum":%s,"sha256":%s}}\n' \
  "$bytes" "$lines" "$words" "$crc" "$sha256"
