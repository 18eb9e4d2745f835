"""Sign-in with another party's word for who somebody is (OpenID Connect Core 1.0)."""
