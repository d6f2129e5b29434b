"""Imports of objects that exist already: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, Area, DiagnosticCode

AREA: Final = Area(
    "Import",
    (
        DiagnosticCode(
            "import-nothing-named",
            "No such dataflow",
            ERROR,
            meaning="No dataflow of a source has the ID or the name that `--flow` gives.",
            cure="Check the name in the Experience Platform UI. In a name, `*` and `?` stand for any characters.",
        ),
        DiagnosticCode(
            "import-folder",
            "Folder without manifests",
            ERROR,
            meaning="flowctl does not read manifests in the folder that `--out` names, so it would not read the files.",
            cure="Add the folder to `manifests` in `flowctl.yaml`, or use another folder.",
        ),
        DiagnosticCode(
            "import-unwritable",
            "Import cannot be written",
            ERROR,
            meaning="A file cannot be written. flowctl removes the files that this import wrote before it.",
            cure="Free disk space, correct the permissions, or move what is in the way. Then run the import again.",
        ),
        DiagnosticCode(
            "import-address",
            "Not an address",
            ERROR,
            meaning="A key of `objects` in an Import document is not the address of a resource.",
            cure="Write the name of a document, a dot and the kind of the object, such as `hubspot.connection`.",
        ),
        DiagnosticCode(
            "import-twice",
            "Object or address named twice",
            ERROR,
            meaning="Import documents of one environment give an ID to two addresses, or two IDs to an address.",
            cure="Remove one of the two lines.",
        ),
        DiagnosticCode(
            "import-not-found",
            "Object to import not found",
            ERROR,
            meaning="There is no object with the ID in the Import document, or access labels hide it.",
            cure="Correct the ID. If you remove the line, the next apply creates the object.",
        ),
        DiagnosticCode(
            "import-kind-differs",
            "Object of another kind",
            ERROR,
            meaning="The ID in the Import document is that of an object of another kind than its address says.",
            cure="Write the ID of an object of that kind.",
        ),
        DiagnosticCode(
            "import-differs",
            "Object differs from its manifest",
            ERROR,
            meaning="The object in the Import document differs from its manifest in what cannot be updated in place.",
            cure="Change the manifest so that it is equal to the live object.",
        ),
        DiagnosticCode(
            "import-ambiguous",
            "Two manifests of one title",
            ERROR,
            meaning="A manifest has the title of an object that was imported under the name of another manifest, so "
            "the next plan refuses to create a second object.",
            cure="Remove one of the two manifests, or change the title of one.",
        ),
    ),
)
