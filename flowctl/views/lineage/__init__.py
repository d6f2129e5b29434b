"""The way of data as a picture: in the languages of Mermaid and of Graphviz, and as SVG."""
