#!/bin/sh
# Puts the model of this component where the inference takes it up: each file whole or not at all, what is no part of
# this version taken away. Use: place-model.sh FROM TO
set -eu
from=$1
to=$2
mkdir -p "$to"
chmod 755 "$to"
# The card comes first: whoever takes the model up reads its calibration there.
for file in "$from"/model.card.json "$from"/xgboost-model*; do
  [ -e "$file" ] || continue
  name=$(basename "$file")
  cp "$file" "$to/.$name.new"
  chmod 644 "$to/.$name.new"
  mv -f "$to/.$name.new" "$to/$name"
done
for file in "$to"/model.card.json "$to"/xgboost-model*; do
  [ -e "$from/$(basename "$file")" ] || rm -f "$file"
done
echo "{\"level\":\"info\",\"event\":\"model\",\"message\":\"the model is in $to\"}"
