"""What the platform accepts: pinned flow specs, the connector catalogue, and the checks made with them."""
