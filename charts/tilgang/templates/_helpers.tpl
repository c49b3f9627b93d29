{{/* Names and labels. */}}
{{- define "tilgang.name" -}}
{{- if contains "tilgang" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-tilgang{{ end }}
{{- end }}

{{- define "tilgang.fullname" -}}
{{- include "tilgang.name" . | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "tilgang.selector" -}}
app.kubernetes.io/name: tilgang
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tilgang.labels" -}}
{{ include "tilgang.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "tilgang.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "tilgang.serviceAccount" -}}
{{- if .Values.serviceAccount.name }}{{ .Values.serviceAccount.name }}
{{- else if .Values.serviceAccount.create }}{{ include "tilgang.fullname" . }}
{{- else }}default{{ end }}
{{- end }}

{{/* The base host without scheme and port. */}}
{{- define "tilgang.host" -}}
{{- (urlParse .Values.baseUrl).host | splitList ":" | first }}
{{- end }}

{{/* A pod that is not root, writes nowhere but its own empty folders, and does
not see other Services: their variables begin with the release's name, and the
program refuses a TILGANG_ variable that it does not know. */}}
{{- define "tilgang.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "tilgang.container" -}}
image: {{ include "tilgang.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* What web and worker read: settings from the ConfigMap, secrets from files. */}}
{{- define "tilgang.environment" -}}
envFrom:
  - configMapRef:
      name: {{ include "tilgang.fullname" . }}
env:
  - name: TILGANG_DATABASE_URL_FILE
    value: /run/secrets/tilgang/database-url
  - name: TILGANG_REDIS_URL_FILE
    value: /run/secrets/tilgang/redis-url
  - name: TILGANG_SMTP_URL_FILE
    value: /run/secrets/tilgang/smtp-url
  - name: TILGANG_KEYSET_FILE
    value: /run/secrets/tilgang/keyset
volumeMounts:
  - name: secrets
    mountPath: /run/secrets/tilgang
    readOnly: true
  - name: data
    mountPath: /var/lib/tilgang
  - name: tmp
    mountPath: /tmp
{{- end }}

{{- define "tilgang.volumes" -}}
volumes:
  - name: secrets
    secret:
      secretName: {{ .Values.secrets.runtime }}
      defaultMode: 0440
      items:
        {{- range list "database-url" "redis-url" "smtp-url" "keyset" }}
        - key: {{ . }}
          path: {{ . }}
        {{- end }}
  - name: data
    emptyDir: {}
  - name: tmp
    emptyDir: {}
{{- end }}

{{/* Pods of one kind on different machines, where there are several. */}}
{{- define "tilgang.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "tilgang.selector" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "tilgang.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
