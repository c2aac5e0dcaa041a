"""The network of a region as text or as one picture file (Netzbericht), and the check of partner files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from network.model import Region
from network.partner_files import find_region, read_region
from network.picture import network_html
from network.summary import Summary, summary
from workflows.whole_files import write_whole


@dataclass(frozen=True)
class PartnerCounts:
    """How much a folder of partner files holds."""

    region: Region

    @property
    def figures(self) -> dict[str, int]:
        """Rows by kind of row."""
        region = self.region
        return {
            "actors": len(region.actors),
            "offerings": len(region.offerings),
            "groups": len(region.groups),
            "services": len(region.services),
            "stock": len(region.stock),
            "cooperations": len(region.cooperations),
        }


def check_partners(folder: str) -> PartnerCounts:
    """Read a region's partner files (name or folder) and count what they hold.

    Raises
    ------
    PartnerFault
        With everything that is wrong.
    """
    return PartnerCounts(read_region(find_region(folder)))


def network_report(name: str, lang: str) -> Summary:
    """Return the summary of a region's network on the day of its figures, in ``de`` or ``en``.

    Raises
    ------
    PartnerFault
        Where the region is unknown or its files are faulty.
    """
    region = read_region(find_region(name))
    return summary(region, region.today, lang)


def write_network_page(name: str, lang: str, file: Path) -> None:
    """Write a region's network as one self-contained HTML file with its pictures.

    Raises
    ------
    PartnerFault
        Where the region is unknown or its files are faulty.
    OSError
        Where the file cannot be written.
    """
    write_whole(file, network_html(read_region(find_region(name)), lang))
