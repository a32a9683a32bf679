#!/bin/sh
# Puts the model of this component where the inference takes it up: each file whole or not at all, what is no part of
# this version taken away. Use: place-model.sh FROM TO
set -eu
from=$1
to=$2
mkdir -p "$to"
chmod 755 "$to"
for file in "$from"/xgboost-model*; do
  name=$(basename "$file")
  cp "$file" "$to/.$name.new"
  chmod 644 "$to/.$name.new"
  mv -f "$to/.$name.new" "$to/$name"
done
for file in "$to"/xgboost-model*; do
  [ -e "$from/$(basename "$file")" ] || rm -f "$file"
done
echo "{\"level\":\"info\",\"event\":\"model\",\"message\":\"the model is in $to\"}"
