"""Who this program is to a registry: what people save, and what clouds lend for it.

credentials     a user name with its secret, and a fingerprint that names both
kinds           who runs a registry: what to enter, and what cannot work
broker          saved credentials as the registry takes them, traded where it must be
short_lived     what a cloud gives for some hours
ecr             Amazon's trade, through boto3
google_access   Google's trade, through google-auth
google_key      a service account's JSON key, read and judged
docker_config   logins that Docker and Watchtower keep
docker_login    one login of a config.json
docker_helpers  where a config.json says that other logins are
"""
