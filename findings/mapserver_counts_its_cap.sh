#!/usr/bin/env bash
# MapServer 8.0.0 (WFS 2.0.0): numberMatched is not how many features there are.
#
# 1. Where wfs_maxfeatures is set, resultType=hits answers numberMatched as that cap: 10 of 37. WFS 2.0
#    (OGC 09-025r2, 7.7.4.2) has it be the number of all that match. A reader that holds what came against
#    numberMatched takes ten rows for the whole layer.
# 2. startIndex goes past it all the same: features 11 to 37 are there for who asks.
# 3. A page past the end is an empty body with status 200, no header line.
#
# Seen: numberMatched 10, rows from 0: 10, from 30: 7, from 37: 0 bytes
# So: after the last feature that the count promises, ask for one more.
set -euo pipefail
command -v apt-get >/dev/null || { echo "needs Debian's apt-get"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/debs/partial" "$work/root"
apt-get -qq -o Debug::NoLocking=1 -o Dir::Cache::Archives="$work/debs/" --download-only --reinstall --no-install-recommends -y -o APT::Sandbox::User=root install mapserver-bin=8.0.0-3+deb12u2 'libmapserver2=8.0.0-3+deb12u2' >/dev/null
for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/root"; done
cd "$work"
python3 - <<'PY'
import json
json.dump({"type": "FeatureCollection", "features": [
    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [i % 8 + .5, 48]}, "properties": {"code": "%05d" % i}} for i in range(37)]}, open("lacs.geojson", "w"))
open("essai.map", "w").write('''MAP
NAME "essai"
EXTENT -180 -90 180 90
SIZE 100 100
PROJECTION "init=epsg:4326" END
WEB METADATA "ows_title" "t" "ows_onlineresource" "http://127.0.0.1/" "ows_enable_request" "*" "wfs_maxfeatures" "10" "ows_srs" "EPSG:4326" END END
OUTPUTFORMAT NAME "csv" DRIVER "OGR/CSV" MIMETYPE "text/csv" FORMATOPTION "STORAGE=memory" FORMATOPTION "FORM=simple" FORMATOPTION "FILENAME=r.csv" END
LAYER NAME "lacs" TYPE POINT STATUS ON CONNECTIONTYPE OGR CONNECTION "lacs.geojson" PROJECTION "init=epsg:4326" END
METADATA "ows_title" "lacs" "gml_include_items" "all" "wfs_getfeature_formatlist" "csv" END END
END
''')
open("mapserver.conf", "w").write('CONFIG\nENV\nMS_MAP_PATTERN "."\nEND\nEND\n')
PY
ask() {
  LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu*) MS_MAPFILE=$work/essai.map MAPSERVER_CONFIG_FILE=$work/mapserver.conf REQUEST_METHOD=GET \
    QUERY_STRING="service=WFS&version=2.0.0&request=GetFeature&typeNames=lacs&$1" "$(find "$work/root" -type f -name mapserv | head -1)" | sed '1,/^\r*$/d'
}
matched=$(ask resultType=hits | grep -o 'numberMatched="[0-9]*"' | tr -dc 0-9)
first=$(ask outputFormat=csv | grep -c '^"0' || true)
later=$(ask 'outputFormat=csv&startIndex=30' | grep -c '^"0' || true)
past=$(ask 'outputFormat=csv&startIndex=37' | tr -d '\r\n' | wc -c)
echo "numberMatched $matched, rows from 0: $first, from 30: $later, from 37: $past bytes"
[ "$matched $first $later $past" = "10 10 7 0" ]
