"""Whom a registry's connection trusts, and what it shows of itself.

pem                 the blocks of a PEM text, or what is wrong with it
certificates        CA bundles: read, judged, re-emitted
ca_file             CA bundles in files
client_certificate  what this program shows to a registry (mTLS)
trust               the four trust modes, and the TLS context of each
chain               the certificates that a server shows
shown               the certificate that a registry showed last
"""
