"""The local stack: a local AWS and a local GitLab on loopback, with Brevet deployed to them the way users deploy it."""
