# bash completion for railhub
_railhub_words() {
    local words=''
    case "$1" in
        '') words='admin bom branch card check completion doctor explain help init license lineage lock log login logout ls pull push repo scan serve tag version whoami ' ;;
        'admin') words='--data du fsck gate gc org token trash user ' ;;
        'admin du') words='--by ' ;;
        'admin fsck') words='--read-data --restart ' ;;
        'admin gate') words='--type ' ;;
        'admin gc') words='--apply --grace-hours --plan --yes ' ;;
        'admin org') words='add create delete list members remove ' ;;
        'admin org add') words='--role ' ;;
        'admin org create') words='--full-name ' ;;
        'admin org delete') words='' ;;
        'admin org list') words='' ;;
        'admin org members') words='' ;;
        'admin org remove') words='' ;;
        'admin token') words='create list revoke ' ;;
        'admin token create') words='--days --grant --name --role --user ' ;;
        'admin token list') words='' ;;
        'admin token revoke') words='' ;;
        'admin trash') words='empty list undelete ' ;;
        'admin trash empty') words='--older-than-hours ' ;;
        'admin trash list') words='' ;;
        'admin trash undelete') words='' ;;
        'admin user') words='create delete list ' ;;
        'admin user create') words='--admin --email --full-name ' ;;
        'admin user delete') words='' ;;
        'admin user list') words='' ;;
        'bom') words='--date --format --licenses --name --no-files --output --overrides --revision --type ' ;;
        'branch') words='create delete list ' ;;
        'branch create') words='--revision --type ' ;;
        'branch delete') words='--type ' ;;
        'branch list') words='--type ' ;;
        'card') words='lint show ' ;;
        'card lint') words='--revision --strict --type ' ;;
        'card show') words='--revision --type ' ;;
        'check') words='--baseline --cases --changed-since --date --explain --fact --fail-on --format --licenses --lock-against --no-lock --output --overrides --policy --purpose --report --revision --type --use --write-baseline ' ;;
        'completion') words='' ;;
        'doctor') words='' ;;
        'explain') words='--licenses ' ;;
        'help') words='' ;;
        'init') words='--dry-run --force --licenses ' ;;
        'license') words='attach carried compose coverage detect diff list obligations search show suggest ' ;;
        'license attach') words='--dry-run --from --licenses --replace ' ;;
        'license carried') words='--licenses --of ' ;;
        'license compose') words='--licenses --restrict --revision --scope --title --type ' ;;
        'license coverage') words='--all --licenses ' ;;
        'license detect') words='--licenses ' ;;
        'license diff') words='--licenses ' ;;
        'license list') words='--family --licenses ' ;;
        'license obligations') words='--fact --form --licenses --overrides --policy --purpose --revision --type --use ' ;;
        'license search') words='--allows --compatible-with --license --limit --type --verdict --without ' ;;
        'license show') words='--licenses ' ;;
        'license suggest') words='--fact --licenses --overrides --policy --purpose --revision --type --use ' ;;
        'lineage') words='--licenses --max --mermaid --overrides --revision --svg --type ' ;;
        'lock') words='--licenses --overrides --type --update ' ;;
        'log') words='--limit --revision --type ' ;;
        'login') words='' ;;
        'logout') words='' ;;
        'ls') words='--long --recursive --revision --type ' ;;
        'pull') words='--cache --dry-run --exclude --include --jobs --policy --revision --to --type ' ;;
        'push') words='--apply --delete --description --dry-run --exclude --include --jobs --message --no-create --parent --plan --private --revision --type ' ;;
        'repo') words='create delete list show ' ;;
        'repo create') words='--exist-ok --private --type ' ;;
        'repo delete') words='--missing-ok --type --yes ' ;;
        'repo list') words='--limit --owner --type ' ;;
        'repo show') words='--type ' ;;
        'scan') words='--ignored --skip --vendored ' ;;
        'serve') words='--access-log --config --data --drain-timeout --external-url --gc-grace --gc-interval --header-timeout --idle-timeout --lfs-multipart-threshold --lfs-part-size --license-gate --link-lifetime --listen --log-format --log-level --max-commit-body --max-connections --max-header --max-lfs-size --max-regular-size --path-prefix --tls-certificate --tls-key --trash-window --trust-proxy --workers --xet-dedup-lifetime --xet-link-lifetime --xet-token-lifetime ' ;;
        'tag') words='create delete list ' ;;
        'tag create') words='--message --revision --type ' ;;
        'tag delete') words='--type ' ;;
        'tag list') words='--type ' ;;
        'version') words='' ;;
        'whoami') words='' ;;
    esac
    printf '%s' "$words"
}
_railhub() {
    local current="${COMP_WORDS[COMP_CWORD]}" chain='' word known
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        known=" $(_railhub_words "$chain") "
        if [[ "$word" != -* && "$known" == *" $word "* ]]; then
            chain="${chain:+$chain }$word"
        fi
    done
    COMPREPLY=($(compgen -W "$(_railhub_words "$chain") --help --endpoint --token --json --quiet --verbose --offline --color" -- "$current"))
    if [[ ${#COMPREPLY[@]} -eq 0 ]]; then
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}
complete -o filenames -F _railhub railhub
