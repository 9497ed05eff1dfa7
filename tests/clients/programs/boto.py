"""`boto.py CALLS PAUSE_SECONDS`: asks STS who it is, several times with one client."""

import sys
import time

import boto3

calls, pause = int(sys.argv[1]), float(sys.argv[2])
sts = boto3.client("sts")
for call in range(calls):
    time.sleep(pause if call else 0)
    print(sts.get_caller_identity()["Arn"], flush=True)
