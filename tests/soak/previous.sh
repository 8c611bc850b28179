#!/bin/sh
# Builds the program of the previous release into target/previous/frontdesk, from the commit that its statements were written at, or from
# that of PREVIOUS (a commit, a tag).
set -eu
cd "$(dirname "$0")/../.."
oldest=$(sed -n 's/^pub const OLDEST_PROGRAM: &str = "\(.*\)";$/\1/p' src/db/migrate/release.rs)
revision=${PREVIOUS:-$(sed -n 's/^-- commit //p' "fixtures/releases/$oldest/statements.sql")}
revision=$(git rev-parse --verify "$revision^{commit}")
folder=target/previous
if [ -x "$folder/frontdesk" ] && [ "$(cat "$folder/revision" 2>/dev/null)" = "$revision" ]; then
    exit 0
fi
rm -rf "$folder"
mkdir -p "$folder/source"
git archive "$revision" | tar -x -C "$folder/source"
# The dependencies that are built already are shared.
(cd "$folder/source" && CARGO_TARGET_DIR="$OLDPWD/target" cargo build --locked --bin frontdesk)
cp target/debug/frontdesk "$folder/frontdesk"
rm -rf "$folder/source"
echo "$revision" >"$folder/revision"
