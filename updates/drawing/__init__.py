"""Where boxes and lines of a dependency graph go. It knows no Django, and no container.

Nodes are names. Parents stand left of their dependants; the same graph is always drawn the same.
"""
