# Starts "$@" in a session of its own and waits until the one who holds our standard input lets go
# of it, by will or by dying; then ends, by id, every process of the session: browsers leave their
# driver's process group, and a killed driver leaves its browser behind, but nobody leaves the session.
"$@" </dev/null &
read -r _
left=yes
while [ "$left" ]; do
  left=
  for stat in /proc/[0-9]*/stat; do
    read -r line 2>/dev/null <"$stat" || continue
    # What follows the last ")" are state, parent, group and session.
    set -- ${line##*) }
    pid=${stat#/proc/}
    pid=${pid%/stat}
    if [ "$4" = "$$" ] && [ "$pid" != "$$" ] && [ "$1" != Z ]; then
      kill -KILL "$pid" 2>/dev/null
      left=yes
    fi
  done
done
exit 0
