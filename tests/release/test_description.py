import datetime

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from tests.release.example_release import BASE, TITLE, graph, paper, term

from medsynth_kg.graph.namespaces import DCTERMS, PROV, SCHEMA
from medsynth_kg.release.description import Edition, describe_release
from medsynth_kg.release.manifest import describe_file
from medsynth_kg.release.namespaces import SPDX
from medsynth_kg.release.reading import Release
from medsynth_kg.release.statistics import count_triples

PROLOGUE = f"""
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX msk: <{BASE}ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX extended: <http://ldf.fi/void-ext#>
"""
DATASET = f"<{BASE}void#dataset>"


def ask_store(release: Release, query: str) -> list[tuple[str, ...]]:
    """The rows of a SELECT over the union of all graphs, as the endpoint has it; unbound is an empty string."""
    store = Store.read_only(str(release.store))
    return rows(store, query)


def ask_description(release: Release, query: str) -> list[tuple[str, ...]]:
    store = Store()
    store.bulk_load(path=str(release.path / "void.ttl"), format=RdfFormat.TURTLE)
    return rows(store, query)


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(PROLOGUE + query)
    return sorted(tuple(value.value if value else "" for value in solution) for solution in solutions)  # type: ignore[union-attr]  # a SELECT


def test_editors_find_the_way_from_class_by_property_to_class_or_datatype(release: Release) -> None:
    found = ask_store(
        release,
        """SELECT DISTINCT ?class ?property ?objectClass ?datatype WHERE {
             ?classPartition void:class ?class ; void:propertyPartition ?propertyPartition .
             ?propertyPartition void:property ?property .
             OPTIONAL {
               { ?propertyPartition void:classPartition [ void:class ?objectClass ] }
               UNION
               { ?propertyPartition extended:datatypePartition [ extended:datatype ?datatype ] }
             }
           }""",
    )

    paper = term("Paper").value
    assert (paper, term("modality").value, term("Modality").value, "") in found
    assert (paper, term("row").value, "", "http://www.w3.org/2001/XMLSchema#integer") in found
    assert (paper, "http://purl.org/spar/cito/cites", paper, "") in found
    assert {each[0] for each in found} == {paper, term("Modality").value}


@pytest.mark.parametrize(
    ("count", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { GRAPH ?g { ?s ?p ?o } FILTER(?g != <%s>) } }"),
        ("entities", "SELECT (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(?g != <%s>) }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { GRAPH ?g { ?s a ?c } FILTER(?g != <%s>) }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(?g != <%s>) }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(?g != <%s>) }"),
    ],
)
def test_the_counts_are_those_that_sparql_counts(release: Release, count: str, query: str) -> None:
    counted = ask_store(release, (query % graph("release").value).replace("DISTINCT *", "DISTINCT ?s ?p ?o"))

    assert ask_store(release, f"SELECT ?n WHERE {{ {DATASET} void:{count} ?n }}") == counted


def test_each_graph_of_the_content_is_a_subset_with_its_size(release: Release) -> None:
    found = ask_store(
        release, f"SELECT ?graph ?n WHERE {{ {DATASET} void:subset ?graph . ?graph a void:Dataset ; void:triples ?n }}"
    )

    counts = release.manifest.counts["graphs"]
    assert found == [(iri, str(count)) for iri, count in counts.items() if iri != graph("release").value]


def test_the_data_set_names_its_release_and_the_day_of_its_newest_input(release: Release) -> None:
    found = ask_store(
        release,
        f"SELECT ?id ?day WHERE {{ {DATASET} owl:versionInfo ?id ; dcterms:modified ?day ; dcterms:issued ?day }}",
    )

    assert found == [(release.id, datetime.date(2026, 11, 23).isoformat())]


def test_the_data_set_gives_an_example_of_a_paper(release: Release) -> None:
    found = ask_store(release, f"SELECT ?paper WHERE {{ {DATASET} void:exampleResource ?paper . ?paper a msk:Paper }}")

    assert found == [(f"{BASE}paper/10.1000/1",)]


def test_the_build_used_its_inputs_by_their_hashes(release: Release) -> None:
    found = ask_store(
        release,
        f"""SELECT ?path ?digest WHERE {{
              ?version dcat:isVersionOf {DATASET} ; prov:wasGeneratedBy/prov:used ?input .
              ?input dcterms:identifier ?path ; spdx:checksum/spdx:checksumValue ?digest
            }}""",
    )

    assert found == sorted(release.manifest.inputs.items())


def test_what_two_releases_say_of_their_builds_can_be_merged(release: Release) -> None:
    day = datetime.date(2026, 11, 23)
    editions = [
        Edition(
            BASE, f"2026-11-23-00000000000{n}", day, f"0.{n}.0", {"survey/ecg.csv": f"{n}" * 64, "same.csv": "a" * 64}
        )
        for n in (1, 2)
    ]
    merged = {triple for edition in editions for triple in describe_release(edition, (), count_triples(()), {})}
    values: dict[tuple[str, str], set[str]] = {}
    for triple in merged:
        values.setdefault((str(triple.subject), str(triple.predicate)), set()).add(str(triple.object))
    for predicate in (
        PROV.wasGeneratedBy,
        PROV.wasAssociatedWith,
        SPDX.checksum,
        SPDX.checksumValue,
        SCHEMA.softwareVersion,
    ):
        found = {key: stated for key, stated in values.items() if key[1] == str(predicate)}
        assert found
        assert {key for key, stated in found.items() if len(stated) > 1} == set()
    assert len({triple.subject for triple in merged if triple.object == Literal("same.csv")}) == 1


def test_void_names_every_dump_with_its_size_and_checksum(release: Release) -> None:
    found = ask_description(
        release,
        f"""SELECT ?address ?size ?digest WHERE {{
              {DATASET} dcat:distribution ?dump .
              ?dump dcat:downloadURL ?address ; dcat:byteSize ?size ; dcat:mediaType ?type ;
                spdx:checksum/spdx:checksumValue ?digest
            }}""",
    )

    files = {path: describe_file(path) for path in release.dumps.rglob("*.*")}
    assert found == sorted(
        (f"{BASE}dumps/{release.id}/{path.relative_to(release.dumps)}", str(entry.size), entry.sha256)
        for path, entry in files.items()
    )


def test_compressed_dumps_keep_the_media_type_of_what_is_in_them(release: Release) -> None:
    found = ask_description(
        release,
        f"""SELECT ?type ?compression WHERE {{
              <{BASE}dumps/{release.id}/medsynth-kg.nq.gz> dcat:mediaType ?type ; dcat:compressFormat ?compression
            }}""",
    )

    types = "https://www.iana.org/assignments/media-types/application"
    assert found == [(f"{types}/n-quads", f"{types}/gzip")]


def test_zstandard_dumps_are_described_as_such(release: Release) -> None:
    found = ask_description(
        release, f"SELECT ?c WHERE {{ <{BASE}dumps/{release.id}/medsynth-kg.ttl.zst> dcat:compressFormat ?c }}"
    )

    assert found == [("https://www.iana.org/assignments/media-types/application/zstd",)]


def test_the_store_says_nothing_of_the_dumps_that_hold_it(release: Release) -> None:
    assert ask_store(release, "SELECT ?size WHERE { ?dump dcat:byteSize ?size }") == []


def test_everything_described_has_an_iri(release: Release) -> None:
    query = "SELECT ?node WHERE { { ?node ?p ?o } UNION { ?s ?p ?node } FILTER isBlank(?node) }"

    assert ask_description(release, query) == []


def test_the_release_is_a_version_of_the_data_set_with_an_endpoint_of_its_own(release: Release) -> None:
    (found,) = ask_store(
        release,
        f"""SELECT ?version ?endpoint ?served ?dump WHERE {{
              {DATASET} dcat:hasCurrentVersion ?version ; void:sparqlEndpoint <{BASE}sparql> .
              ?version dcat:isVersionOf {DATASET} ; dcat:version "{release.id}" ;
                void:sparqlEndpoint ?endpoint ; void:dataDump ?dump .
              ?endpoint dcat:servesDataset ?served
            }}""",
    )

    version = f"{BASE}releases/{release.id}"
    assert found == (version, f"{version}/sparql", version, f"{BASE}dumps/{release.id}/medsynth-kg.ttl")


@pytest.mark.parametrize(
    ("name", "licence", "rights", "source"),
    [
        ("survey", "licenses/by/4.0/", "cited as their source", "https://arxiv.org/abs/2407.00116"),
        (
            "crossref",
            "publicdomain/zero/1.0/",
            "under the licence of its work",
            "https://www.crossref.org/",
        ),
        ("arxiv", "publicdomain/zero/1.0/", "CC0 1.0", "https://arxiv.org/"),
        ("github", "licenses/by/4.0/", "public repositories", "https://github.com/"),
    ],
)
def test_each_source_has_a_graph_with_its_licence_and_rights(name: str, licence: str, rights: str, source: str) -> None:
    quads = [Quad(paper(1), TITLE, Literal("Hearts"), graph(name))]
    edition = Edition(BASE, "2026-11-23-000000000000", datetime.date(2026, 11, 23), "0.1.0", {})

    described = describe_release(edition, quads, count_triples({quad.triple for quad in quads}), {})

    stated = {
        triple.predicate: triple.object.value
        for triple in described
        if triple.subject == graph(name) and isinstance(triple.object, NamedNode | Literal)
    }
    assert stated[DCTERMS.license] == f"https://creativecommons.org/{licence}"
    assert rights in stated[DCTERMS.rights]
    assert stated[DCTERMS.source] == source
