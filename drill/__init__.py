"""Drills: what an operator has to rely on, tried at full size on this machine. docs/drill.md, docs/upgrades.md."""
