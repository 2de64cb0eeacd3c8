"""Fills a CKAN with datasets through its own actions: load.py CKAN.INI COUNT

Of COUNT published datasets, the first is the one that the tests of the dialects
know; the others have what people write: no licence, a licence of no list, an
address without scheme, HTML, tags with accents. Beside them stand one that is
private, one deleted and one draft, which no harvest may have.
"""
import sys

from ckan.cli import load_config
from ckan.config.middleware import make_app


def dataset(i):
    d = {
        "name": f"jeu-{i}", "title": f"Jeu {i}", "owner_org": "ville", "notes": "Du <b>gras</b>.",
        "license_id": "lov2", "tags": [{"name": "eau"}],
        "extras": [{"key": "frequency", "value": "annual"}, {"key": "temporal_start", "value": "2016-01-01"},
                   {"key": "temporal_end", "value": "2020-12-31"}],
        "resources": [{"url": "https://exemple.fr/f.csv", "format": "CSV", "name": "Le fichier", "mimetype": "text/csv"}],
    }
    match i % 5 if i else 0:
        case 1:
            d["license_id"] = "notspecified"
            d["tags"] = [{"name": "Été à la plage"}, {"name": "eau"}]
        case 2:
            d["license_id"] = "Licence de la ville"
            d["resources"][0]["url"] = "exemple.fr/sans-schema.csv"
        case 3:
            d["notes"] = ""
            d["resources"] = []
        case 4:
            d["extras"] = []
            d["resources"].append({"url": "https://exemple.fr/f.xlsx", "format": "", "name": ""})
    return d


def main():
    app = make_app(load_config(sys.argv[1]))
    from ckan.plugins.toolkit import get_action
    with app._wsgi_app.test_request_context():
        user = get_action("get_site_user")({"ignore_auth": True}, {})["name"]

        def act(name, data):
            return get_action(name)({"ignore_auth": True, "user": user}, data)

        act("organization_create", {"name": "ville", "title": "Ville"})
        for i in range(int(sys.argv[2])):
            act("package_create", dataset(i))
        act("package_create", dataset(0) | {"name": "prive", "private": True})
        act("package_create", dataset(0) | {"name": "brouillon", "state": "draft"})
        act("package_create", dataset(0) | {"name": "efface"})
        act("package_delete", {"id": "efface"})


main()
