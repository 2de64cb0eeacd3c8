#!/usr/bin/env bash
# pycsw 2.6.2 (CSW 2.0.2): what a page says of itself cannot be trusted by a harvester.
#
# 1. GetRecords without resultType means "hits": the answer says that a page of records was
#    returned (numberOfRecordsReturned="2") and holds none.
# 2. A startPosition past the last record answers nextRecord="1", not "0": a client that follows
#    nextRecord until it is 0 reads the catalogue again, without end.
# 3. maxRecords above the server's own is cut in silence: 2 of 3 come, nextRecord="3".
#
# Seen: hits: returned 2, records 0 / past the end: returned 0, nextRecord 1 / capped: returned 2, records 2, nextRecord 3
# So: ask for resultType=results, page by what came, and stop at the count or at an empty page.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/v"
"$work/v/bin/pip" -q install --disable-pip-version-check pycsw==2.6.2 'SQLAlchemy==1.4.54' 'setuptools==65.5.0'
mkdir "$work/records"
for i in 1 2 3; do
  cat > "$work/records/$i.xml" <<XML
<csw:Record xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/">
<dc:identifier>jeu-$i</dc:identifier><dc:title>Jeu $i</dc:title><dc:type>dataset</dc:type><dct:abstract>x</dct:abstract>
</csw:Record>
XML
done
{
  printf '[server]\nhome=%s\nurl=http://127.0.0.1/\nmimetype=application/xml; charset=UTF-8\nencoding=UTF-8\nlanguage=en-US\nmaxrecords=2\nprofiles=apiso\n[manager]\ntransactions=false\n[metadata:main]\n' "$work"
  for key in identification_title identification_abstract identification_keywords identification_fees identification_accessconstraints provider_name contact_name contact_position contact_address contact_city contact_stateorprovince contact_postalcode contact_country contact_phone contact_fax contact_hours contact_instructions; do echo "$key=x"; done
  printf 'identification_keywords_type=theme\nprovider_url=http://127.0.0.1/\ncontact_email=x@example.org\ncontact_url=http://127.0.0.1/\ncontact_role=pointOfContact\n[repository]\ndatabase=sqlite:///%s/records.db\ntable=records\n' "$work"
} > "$work/pycsw.cfg"
cd "$work"
admin="v/bin/python -W ignore v/bin/pycsw-admin.py -f pycsw.cfg"
$admin -c setup_db > /dev/null
$admin -c load_records -p records > /dev/null
PYCSW_CONFIG=pycsw.cfg v/bin/python -W ignore - <<'PY'
import io, re, sys
from pycsw.wsgi import application

def ask(query):
    env = {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "SCRIPT_NAME": "", "PATH_INFO": "/", "SERVER_NAME": "127.0.0.1",
           "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}
    body = b"".join(application(env, lambda *a: None)).decode()
    number = lambda name: int(re.search(name + r'="(\d+)"', body).group(1))
    return number("numberOfRecordsReturned"), len(re.findall(r"<csw:Record[\s>]", body)), number("nextRecord")

base = "service=CSW&version=2.0.2&request=GetRecords&typenames=csw:Record&elementsetname=full"
hits = ask(base)
past = ask(base + "&resulttype=results&startposition=4")
capped = ask(base + "&resulttype=results&maxrecords=50")
print("hits: returned %d, records %d / past the end: returned %d, nextRecord %d / capped: returned %d, records %d, nextRecord %d" % (hits[0], hits[1], past[0], past[2], *capped))
sys.exit(0 if hits[:2] == (2, 0) and past[0] == 0 and past[2] == 1 and capped == (2, 2, 3) else 1)
PY
