#!/usr/bin/env bash
# `make run`: three nights of a simulated city, one after another, then one consumer's package.
set -euo pipefail
tongchuan="$BIN/tongchuan"
first=2018-03-29

# Exit code 1 means "done, but a person should look": daily life on a night with damaged files.
night() { "$@" || [ $? -eq 1 ]; }

for i in 1 2 3; do
  day=$(date -d "$first + $((i - 1)) day" +%F 2>/dev/null || date -j -v+$((i - 1))d -f %F "$first" +%F)
  echo
  echo "━━━ 第 $i 夜 / night $i: $day ━━━"
  "$tongchuan" simulate --people "$PEOPLE" --seed "$SEED" --nights 3 --only-night "$i"
  night "$tongchuan" nightly --business-date "$day" --settle 0
done
echo
echo "━━━ 共享 / sharing ━━━"
"$tongchuan" package build
"$tongchuan" release verify
echo
echo "━━━ 现状 / where things stand ━━━"
night "$tongchuan" status --business-date 2018-03-31
cat <<TEXT

接下来 / next
  看回执 / a receipt:            $TONGCHUAN_DATA/receipts/public_security/population/household_registration/*/回执.html
  查数据 / ask the release:      TONGCHUAN_DATA=$TONGCHUAN_DATA $tongchuan sql "SELECT sex_code, count(*) FROM population.person GROUP BY 1" --purpose 核对
  分析库 / the analysts' file:   $TONGCHUAN_DATA/analysts/marts.duckdb
  数据包 / a consumer's package: $TONGCHUAN_DATA/packages/
  界面 / the UI:                 make dev
TEXT
